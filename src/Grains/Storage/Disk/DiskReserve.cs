namespace ComodCluster.Grains.Storage.Disk;

/// <summary>
/// A file that holds room on the disk and is given up where something is deleted while the disk is full: even that
/// takes a few pages of the catalog.
/// </summary>
public sealed class DiskReserve(string path)
{
    private const int Bytes = 1 << 20;

    /// <summary>Takes the room again; does nothing where it is held, or there is none.</summary>
    public void Keep()
    {
        if (new FileInfo(path) is { Exists: true, Length: Bytes })
            return;
        try
        {
            File.WriteAllBytes(path, new byte[Bytes]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Give();
        }
    }

    /// <returns>Whether there is room now that was not there before.</returns>
    public bool Give()
    {
        try
        {
            if (!File.Exists(path))
                return false;
            File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
