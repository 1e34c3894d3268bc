using ComodCluster.Api;
using ComodCluster.Grains.Storage.Faults;
using ComodCluster.Grains.Tests.Storage.Disk;
using Microsoft.Data.Sqlite;

namespace ComodCluster.Grains.Tests.Storage.Faults;

public class StorageFaultsTests
{
    public static TheoryData<Exception, string?> Failures() =>
        new()
        {
            { new SqliteException("full", 13), ErrorCodes.StorageFull },
            { new SqliteException("readonly", 8), ErrorCodes.StorageUnavailable },
            { new SqliteException("ioerr", 10), ErrorCodes.StorageUnavailable },
            { new SqliteException("corrupt", 11), ErrorCodes.StorageUnavailable },
            { new SqliteException("constraint", 19), null },
            { new IOException("no space", FaultyFiles.NoSpace), ErrorCodes.StorageFull },
            { new IOException("read-only", FaultyFiles.ReadOnly), ErrorCodes.StorageUnavailable },
            {
                new InvalidOperationException("outer", new IOException("no space", FaultyFiles.NoSpace)),
                ErrorCodes.StorageFull
            },
            { new UnauthorizedAccessException(), ErrorCodes.StorageUnavailable },
            { new IOException("something else"), null },
            { new InvalidOperationException(), null },
        };

    [Theory, MemberData(nameof(Failures))]
    public void Translate_Failure_HasTheCodeAndItsStatus(Exception failure, string? code)
    {
        var fault = StorageFaults.Translate(failure);

        Assert.Equal(code, fault?.Code);
        Assert.Equal(
            code switch
            {
                ErrorCodes.StorageFull => 507,
                ErrorCodes.StorageUnavailable => 503,
                _ => null,
            },
            fault?.Status
        );
    }
}
