using System.Management.Automation;
using System.Reflection;

namespace OmniTools.PowerShell.Tests;

/// <summary>PowerShell's guidelines for cmdlets, held by reflection.</summary>
public sealed class GuidelineTests
{
    private static readonly string[] Reserved =
    [
        "Confirm", "Debug", "ErrorAction", "ErrorVariable", "InformationAction", "InformationVariable", "OutBuffer",
        "OutVariable", "PipelineVariable", "ProgressAction", "Verbose", "WarningAction", "WarningVariable", "WhatIf",
    ];

    private static IEnumerable<(ReflectedCmdlet Cmdlet, ReflectedParameter Parameter)> Parameters =>
        ReflectedCmdlet.All.SelectMany(cmdlet => cmdlet.Parameters.Select(parameter => (cmdlet, parameter)));

    [Fact]
    public void Verbs_AreApproved()
    {
        var approved = typeof(VerbsCommon).Assembly.GetTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Select(field => (string)field.GetRawConstantValue()!).ToHashSet();
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.Contains(cmdlet.Verb, approved));
    }

    [Fact]
    public void Nouns_ArePascalCaseAndSingular() =>
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.Matches("^Omni[A-Z][A-Za-z]*[^s]$", cmdlet.Noun));

    [Fact]
    public void Classes_AreSealedAndNamedAfterTheCmdlet() =>
        Assert.All(ReflectedCmdlet.All, cmdlet =>
            Assert.True(cmdlet.Type.IsSealed && cmdlet.Type.Name == cmdlet.Verb + cmdlet.Noun + "Command"));

    [Fact]
    public void Cmdlets_DeclareWhatTheyEmit() =>
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.NotEmpty(cmdlet.OutputTypes));

    [Fact]
    public void CmdletsThatBuyOrWrite_AskShouldProcessWithMediumImpact() =>
        Assert.All(ReflectedCmdlet.All.Where(cmdlet => cmdlet.Verb is "New" or "Save" or "Export" or "Invoke"),
        cmdlet =>
        {
            Assert.True(cmdlet.SupportsShouldProcess);
            Assert.Equal((int)ConfirmImpact.Medium, cmdlet.ConfirmImpact);
        });

    [Fact]
    public void Force_ComesOnlyWithShouldProcess() =>
        Assert.All(Parameters.Where(pair => pair.Parameter.Name == "Force"), pair =>
            Assert.True(pair.Cmdlet.SupportsShouldProcess));

    [Fact]
    public void Parameters_AreSingularPascalCaseAndNotReserved() => Assert.All(Parameters, pair =>
    {
        Assert.Matches("^[A-Z][A-Za-z]*([^s]|ss)$|^Status$|^Max(Videos|Credits)$|^NewTakes$", pair.Parameter.Name);
        Assert.DoesNotContain(pair.Parameter.Name, Reserved);
    });

    [Fact]
    public void Switches_AreSwitchParameters() =>
        Assert.All(Parameters, pair => Assert.NotEqual(typeof(bool), pair.Parameter.Type));

    [Fact]
    public void ParameterSets_TakeOneParameterFromThePipeline() =>
        Assert.All(ReflectedCmdlet.All, cmdlet =>
            Assert.All(cmdlet.Sets, set =>
                Assert.True(cmdlet.Parameters.Count(parameter => parameter.UseIn(set)?.FromPipeline == true) <= 1)));

    [Fact]
    public void ParameterSets_HaveUniquePositions() =>
        Assert.All(ReflectedCmdlet.All, cmdlet => Assert.All(cmdlet.Sets, set =>
            {
                var positions = cmdlet.Parameters.Select(parameter => parameter.UseIn(set)?.Position)
                    .OfType<int>().ToList();
                Assert.Equal(positions.Distinct().Count(), positions.Count);
            }));

    [Fact]
    public void DefaultParameterSets_Exist() =>
        Assert.All(ReflectedCmdlet.All.Where(cmdlet => cmdlet.DefaultSet is not null), cmdlet =>
            Assert.Contains(cmdlet.Parameters.SelectMany(parameter => parameter.Uses), use =>
                use.Set == cmdlet.DefaultSet));

    [Fact]
    public void Path_ComesWithLiteralPathWhoseAliasIsPSPath() =>
        Assert.All(
            ReflectedCmdlet.All.Where(cmdlet => cmdlet.Parameters.Any(parameter => parameter.Name == "Path")),
            cmdlet =>
                Assert.Contains(
                    "PSPath", cmdlet.Parameters.Single(parameter => parameter.Name == "LiteralPath").Aliases));

    [Fact]
    public void PathAndLiteralPath_BindByNameInSetsOfTheirOwn()
    {
        var save = ReflectedCmdlet.All.Single(cmdlet => cmdlet.Name == "Save-OmniVideo");
        var path = save.Parameters.Single(parameter => parameter.Name == "Path");
        var literal = save.Parameters.Single(parameter => parameter.Name == "LiteralPath");
        Assert.Empty(path.Uses.Select(use => use.Set).Intersect(literal.Uses.Select(use => use.Set)));
        Assert.All([.. path.Uses, .. literal.Uses], use => Assert.True(use.FromPipelineByName));
    }

    [Fact]
    public void Ids_TakeManyBindByNameAndAnswerToTaskId() =>
        Assert.All(Parameters.Where(pair => pair.Parameter.Name == "Id"), pair =>
        {
            Assert.Equal(typeof(Binding.TaskReference[]), pair.Parameter.Type);
            Assert.Contains("TaskId", pair.Parameter.Aliases);
            Assert.All(pair.Parameter.Uses, use => Assert.True(use.FromPipelineByName));
        });

    [Fact]
    public void Names_AreCompletedAndNeverConfinedToASet()
    {
        Assert.All(Parameters, pair => Assert.False(pair.Parameter.Has<ValidateSetAttribute>()));
        Assert.All(
            Parameters.Where(pair =>
                pair.Parameter.Name
                    is "Provider"
                        or "Model"
                        or "AspectRatio"
                        or "Duration"
                        or "Resolution"
                        or "Id"
                        or "ExtendFrom"),
            pair => Assert.True(pair.Parameter.Has<ArgumentCompleterAttribute>()));
    }

    [Fact]
    public void Keys_AreTakenAsSecureStrings() =>
        Assert.All(Parameters.Where(pair => pair.Parameter.Name.EndsWith("ApiKey", StringComparison.Ordinal)), pair =>
            Assert.Equal(typeof(System.Security.SecureString), pair.Parameter.Type));

    [Fact]
    public void APipedTask_BindsToExtendFromInASetWhereNothingElseBindsFromIt()
    {
        var cmdlet = ReflectedCmdlet.All.Single(one => one.Name == "New-OmniVideo");
        var bound = cmdlet.Parameters.Where(parameter =>
            parameter.UseIn("Extend") is { FromPipeline: true } or { FromPipelineByName: true });
        Assert.Equal(["ExtendFrom"], bound.Select(parameter => parameter.Name));
    }
}
