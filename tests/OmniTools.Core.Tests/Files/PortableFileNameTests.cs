using OmniTools.Files;

namespace OmniTools.Core.Tests.Files;

public sealed class PortableFileNameTests
{
    [Theory]
    [InlineData("CON"), InlineData("con"), InlineData("nul.mp4"), InlineData("NUL .tar.gz"), InlineData("aux:stream")]
    [InlineData("COM1"), InlineData("com0.mp4"),
     InlineData("LPT9.x"), InlineData("com¹"), InlineData("LPT².mp4"), InlineData("COM³ .mp4"), InlineData("CONIN$")]
    [InlineData("conout$.txt"), InlineData("CLOCK$"), InlineData("prn.")]
    public void IsDevice_NameOfADeviceWithAnyExtension_IsTrue(string name) =>
    Assert.True(PortableFileName.IsDevice(name));

    [Theory]
    [InlineData("CONSOLE"), InlineData("nule.mp4"), InlineData("COM10"), InlineData("COM"), InlineData("my nul.mp4")]
    [InlineData("com⁴"), InlineData("")]
    public void IsDevice_OtherName_IsFalse(string name) => Assert.False(PortableFileName.IsDevice(name));

    [Theory]
    [InlineData("fox.mp4", true)]
    [InlineData("{prompt}-{index}.{ext}", true)]
    [InlineData(".hidden", true)]
    [InlineData("猫 🎬.mp4", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("fox.", false)]
    [InlineData("fox ", false)]
    [InlineData("a:b", false)]
    [InlineData("fox.mp4:Zone.Identifier", false)]
    [InlineData("a\\b", false)]
    [InlineData("a/b", false)]
    [InlineData("what?", false)]
    [InlineData("a\u0001", false)]
    [InlineData("a\u007f", false)]
    [InlineData("nul.mp4", false)]
    public void IsPortable_Name_IsOneThatEveryFileSystemKeeps(string name, bool expected) =>
    Assert.Equal(expected, PortableFileName.IsPortable(name));
}
