using Mono.Cecil;
using Mono.Cecil.Cil;

namespace OmniTools.Architecture.Tests;

/// <summary>
/// The references between the namespaces of an assembly, and from them to other assemblies of the product.
/// </summary>
internal static class NamespaceEdges
{
    /// <summary>Every reference between two namespaces, with the first pair of types that makes it.</summary>
    public static IReadOnlyDictionary<(string From, string To), string> Read(string assembly)
    {
        using var module = ModuleDefinition.ReadModule(Repository.FindAssembly(assembly));
        var edges = new SortedDictionary<(string From, string To), string>();
        foreach (var type in module.Types.SelectMany(WithNested).Where(type => IsOurs(GetNamespace(type))))
        {
            foreach (var other in References(type))
            {
                var edge = (GetNamespace(type), GetNamespace(other));
                if (edge.Item1 != edge.Item2 && IsOurs(edge.Item2))
                    edges.TryAdd(edge, $"{type.FullName} uses {other.FullName}");
            }
        }
        return edges;
    }

    private static bool IsOurs(string name) =>
        name == "OmniTools" || name.StartsWith("OmniTools.", StringComparison.Ordinal);

    private static string GetNamespace(TypeReference type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Namespace;
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) =>
        type.NestedTypes.SelectMany(WithNested).Prepend(type);

    private static IEnumerable<TypeReference> References(TypeDefinition type) =>
        Direct(type).SelectMany(Parts).Where(reference => !reference.IsGenericParameter);

    private static IEnumerable<TypeReference?> Direct(TypeDefinition type)
    {
        yield return type.BaseType;
        foreach (var each in type.Interfaces)
            yield return each.InterfaceType;
        foreach (var attribute in Attributes(type))
            yield return attribute;
        foreach (var field in type.Fields)
            yield return field.FieldType;
        foreach (var method in type.Methods)
        {
            yield return method.ReturnType;
            foreach (var parameter in method.Parameters)
                yield return parameter.ParameterType;
            foreach (var attribute in Attributes(method))
                yield return attribute;
            if (!method.HasBody)
                continue;
            foreach (var variable in method.Body.Variables)
                yield return variable.VariableType;
            foreach (var reference in method.Body.Instructions.SelectMany(Operands))
                yield return reference;
        }
    }

    // An attribute names types in its arguments: those of a JSON context, for example. The arguments of PowerShell's
    // attributes cannot be read without its assembly, and name no type of ours.
    private static IEnumerable<TypeReference?> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute => IsPowerShell(attribute.AttributeType)
            ? [attribute.AttributeType]
            : attribute.ConstructorArguments.Select(argument => argument.Value as TypeReference)
                .Prepend(attribute.AttributeType));

    private static bool IsPowerShell(TypeReference type) =>
        type.Namespace.StartsWith("System.Management.Automation", StringComparison.Ordinal);

    private static IEnumerable<TypeReference?> Operands(Instruction instruction) => instruction.Operand switch
    {
        TypeReference type => [type],
        MethodReference method =>
            [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(each => each.ParameterType),
            .. method is GenericInstanceMethod generic ? generic.GenericArguments : []],
        FieldReference field => [field.DeclaringType, field.FieldType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => generic.GenericArguments.SelectMany(Parts).Append(generic.ElementType),
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
