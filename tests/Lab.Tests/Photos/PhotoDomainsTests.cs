using ComodCluster.Lab.Photos;

namespace ComodCluster.Lab.Tests.Photos;

public sealed class PhotoDomainsTests
{
    public static TheoryData<string> Names => [.. PhotoDomains.All.Select(domain => domain.Name)];

    [Theory, MemberData(nameof(Names))]
    public void All_EachDomain_SaysWhichPhotosItHas(string name)
    {
        var domain = PhotoDomains.Find(name);

        Assert.Matches("^[0-9a-f]{40}$", domain.Commit);
        Assert.Matches("^[0-9a-f]{64}$", domain.Digest);
        Assert.Matches("^[^/ ]+/[^/ ]+$", domain.Repository);
        Assert.NotEmpty(domain.Licence);
        Assert.NotEmpty(domain.Origin);
        Assert.InRange(domain.Classes.Count, 2, 20);
        Assert.Distinct(domain.Classes.Select(photoClass => photoClass.Name));
        Assert.Distinct(domain.Classes.SelectMany(photoClass => photoClass.Prefixes));
        Assert.All(domain.Sizes, size => Assert.InRange(size, 2, domain.Classes.Count));
        Assert.True(domain.Train >= 50 && domain.Train + domain.Test >= 70);
    }

    [Fact]
    public void All_Roles_AreSixOrMoreDomainsWithThreeToTuneOn()
    {
        Assert.Distinct(PhotoDomains.All.Select(domain => domain.Name));
        Assert.Distinct(PhotoDomains.All.Select(domain => domain.Repository));
        Assert.Equal(3, PhotoDomains.All.Count(domain => domain.Role == PhotoRole.Tuning));
        Assert.True(PhotoDomains.All.Count(domain => domain.Role == PhotoRole.Reported) >= 3);
    }
}
