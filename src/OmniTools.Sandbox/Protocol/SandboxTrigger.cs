namespace OmniTools.Sandbox.Protocol;

/// <summary>A word that, anywhere in a prompt, makes the sandbox misbehave in one way.</summary>
/// <param name="Text">The word, brackets included.</param>
/// <param name="Effect">What it does, for people.</param>
public sealed record SandboxTrigger(string Text, string Effect);
