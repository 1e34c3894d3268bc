namespace ComodCluster.Cli.Commands.Files;

/// <summary>A file or folder that the user named cannot be used.</summary>
/// <param name="message">One sentence: cause and fix.</param>
/// <remarks>Not an IOException: those of a connection look like it.</remarks>
internal sealed class FileException(string message, Exception? cause = null) : Exception(message, cause);
