namespace OmniTools.Sandbox;

/// <summary>A word that, anywhere in a prompt, makes the sandbox misbehave in one way.</summary>
/// <param name="Word">The word, brackets included.</param>
/// <param name="Effect">What it does, for people.</param>
public sealed record SandboxWord(string Word, string Effect);
