using System.Text.Json;

namespace OmniTools.Catalog;

/// <summary>Finds the line of a value in a JSON text.</summary>
internal static class JsonLocation
{
    /// <summary>
    /// The line, from 1, of a path such as <c>$.models[2].id</c>; of the nearest value around it when there is none.
    /// </summary>
    public static int FindLine(ReadOnlySpan<byte> json, string path)
    {
        var reader =
            new Utf8JsonReader(json, new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var places = new Stack<(string Path, int Index)>();
        var (current, best, bestLength) = ("$", 0L, 0);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                current = $"{places.Peek().Path}.{reader.GetString()}";
                Compare(reader.TokenStartIndex);
                continue;
            }
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                places.Pop();
                continue;
            }
            if (places.TryPeek(out var around) && around.Index >= 0)
            {
                places.Pop();
                places.Push((around.Path, around.Index + 1));
                current = $"{around.Path}[{around.Index}]";
            }
            Compare(reader.TokenStartIndex);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                places.Push((current, reader.TokenType == JsonTokenType.StartArray ? 0 : -1));
        }
        return json[..(int)best].Count((byte)'\n') + 1;

        void Compare(long start)
        {
            var isOnTheWay = path == current
                || (path.StartsWith(current, StringComparison.Ordinal) && path[current.Length] is '.' or '[');
            if (isOnTheWay && current.Length > bestLength)
                (best, bestLength) = (start, current.Length);
        }
    }
}
