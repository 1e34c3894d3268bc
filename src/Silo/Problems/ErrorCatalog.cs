using ComodCluster.Api;

namespace ComodCluster.Silo.Problems;

/// <summary>
/// Every code that a client, a job or an operator may meet, by what it is about: docs/errors.md as data.
/// </summary>
public static class ErrorCatalog
{
    public static IReadOnlyList<(string About, IReadOnlyList<KnownError> Errors)> Groups { get; } =
    [
        (
            "Requests",
            [
                new(HttpCodes.RouteUnknown, [404], "There is no such route.", "See `/openapi/v1.json`."),
                new(
                    HttpCodes.MethodNotAllowed,
                    [405],
                    "The route has other methods.",
                    "Use one that the header Allow names."
                ),
                new(
                    HttpCodes.MediaTypeUnsupported,
                    [415],
                    "The route takes another content type.",
                    "See `/openapi/v1.json` for those that it takes."
                ),
                new(
                    HttpCodes.OriginRefused,
                    [403],
                    "It came for another host, or from a web page of another site.",
                    "Call the silo by its own address."
                ),
                new(
                    ErrorCodes.RequestInvalid,
                    [400, 422],
                    "A member, a parameter or a combination of them cannot be used.",
                    "Correct what `detail` names."
                ),
                new(
                    ErrorCodes.NameInvalid,
                    [400],
                    "A name has characters or a length that names do not have.",
                    "Take lower-case letters, digits and hyphens."
                ),
                new(
                    ErrorCodes.UploadTooLarge,
                    [413],
                    "The body is larger than the route takes.",
                    "Send less, or raise a limit below `Comod:Uploads`."
                ),
                new(
                    HttpCodes.BodyTooSlow,
                    [408],
                    "The body came more slowly than the silo waits for.",
                    "Send it faster, or raise a limit below `Comod:Admission`."
                ),
                new(
                    HttpCodes.DigestMismatch,
                    [400],
                    "The body does not have the SHA-256 that was promised.",
                    "Send it again."
                ),
                new(
                    HttpCodes.DeadlineExceeded,
                    [504],
                    "The answer was not there in the time that was allowed.",
                    "Allow more with `timeoutMs`, or ask again later."
                ),
            ]
        ),
        (
            "Objects and their names",
            [
                new(ErrorCodes.NotFound, [404], "There is nothing of that name.", "List what there is."),
                new(
                    ErrorCodes.NameTaken,
                    [409],
                    "The name belongs to something else already.",
                    "Take another name, or delete the other first."
                ),
                new(ErrorCodes.InUse, [409], "Tasks need it.", "Delete the tasks that `detail` names first."),
                new(
                    ErrorCodes.NotReady,
                    [409],
                    "It is still being made, or its job failed.",
                    "Wait for its job, or see why that failed."
                ),
                new(ErrorCodes.NoVersion, [409], "The task has no version to serve yet.", "Adapt the task first."),
                new(
                    ErrorCodes.VersionComparison,
                    [409],
                    "The version was made for comparison and cannot be served.",
                    "Activate another one."
                ),
            ]
        ),
        (
            "Jobs",
            [
                new(
                    ErrorCodes.JobConflict,
                    [409],
                    "Another job is in the way, or has the id with other content.",
                    "Wait for it, cancel it, or take another id."
                ),
                new(ErrorCodes.JobFinished, [409], "The job has ended already.", "Start a new one."),
                new(ErrorCodes.Cancelled, [], "A user ended the job.", "Start it again if that was a mistake."),
                new(
                    ErrorCodes.WorkerDied,
                    [],
                    "The worker died three times while the job ran, the last time with no other job beside it.",
                    "Ask for less at once, or give the worker more memory."
                ),
                new(
                    "adaptation-diverged",
                    [],
                    "The loss of an adaptation is no finite number any more.",
                    "Adapt with a lower rate or another seed."
                ),
                new(
                    "training-diverged",
                    [],
                    "The loss of a training is no finite number any more.",
                    "Train with a smaller width or another seed."
                ),
                new(
                    "training-checkpoint",
                    [],
                    "The checkpoint is of a training with other data or settings.",
                    "Start the training anew."
                ),
                new(
                    "training-too-large",
                    [422],
                    "A training needs more memory than the worker has; `detail` has both figures.",
                    "Choose a smaller batch or width, or fewer images."
                ),
                new(
                    "job-too-large",
                    [422],
                    "It needs more memory for parameters than the device grants.",
                    "Ask for fewer trials, or raise `TableBytes`."
                ),
                new(
                    "prefix-cache-too-small",
                    [422],
                    "The cache of activations does not hold those of one image.",
                    "Raise its size, or set it to 0."
                ),
            ]
        ),
        (
            "Load and storage",
            [
                new(ErrorCodes.Busy, [429], "A queue or a budget is full.", "Try again after Retry-After."),
                new(
                    HttpCodes.StartingUp,
                    [503],
                    "The silo is not ready yet; `missing` says why.",
                    "Wait for `/health/ready`."
                ),
                new(
                    HttpCodes.Unavailable,
                    [503],
                    "No worker is alive, or the one that was asked is going.",
                    "Try again shortly; start a worker if there is none."
                ),
                new(
                    ErrorCodes.WorkerStopping,
                    [409],
                    "The worker's process is ending; its drain cannot be taken back.",
                    "Start it again."
                ),
                new(
                    ErrorCodes.DeviceMemory,
                    [503],
                    "Not even a batch of one image fits into the memory of the device.",
                    "Adapt fewer tasks at once, or use a larger device."
                ),
                new(
                    ErrorCodes.DeviceLost,
                    [503],
                    "The device of the only worker is lost; the worker ends.",
                    "Try again once it was started again; if it stays so, check the device."
                ),
                new(ErrorCodes.StorageFull, [507], "A disk is full.", "Free space, then try again."),
                new(
                    ErrorCodes.StorageUnavailable,
                    [503],
                    "The disk, the bucket or the database cannot be used.",
                    "See to it, then try again."
                ),
                new(
                    ErrorCodes.BlobDamaged,
                    [503],
                    "A stored file is missing or has changed.",
                    "Restore a backup with `comod restore`, or make the object anew."
                ),
                new(
                    ErrorCodes.RecordUnreadable,
                    [503],
                    "A later build wrote the record, or it is damaged.",
                    "Start that build, or restore a backup with `comod restore`."
                ),
                new(
                    ErrorCodes.FormatUnreadable,
                    [409],
                    "A silo of the cluster cannot read the format.",
                    "Upgrade that silo first."
                ),
                new(
                    ErrorCodes.BackupRunning,
                    [409],
                    "Another backup is under way.",
                    "Wait for it, or name another directory."
                ),
                new(
                    ErrorCodes.BackupDirectory,
                    [422],
                    "A backup cannot be written into that directory.",
                    "Name an absolute path: empty, or with earlier backups of the cluster."
                ),
                new(
                    ErrorCodes.Internal,
                    [500],
                    "Nobody foresaw this.",
                    "Look into the log under `traceId`, and report it."
                ),
            ]
        ),
        (
            "Images and archives",
            [
                new(
                    "image-unreadable",
                    [422],
                    "The bytes are no image, or a broken one.",
                    "Export it again as PNG, JPEG, WebP or BMP."
                ),
                new("image-too-large", [413], "The image has too many bytes or pixels.", "Send it smaller."),
                new(
                    "image-channels",
                    [422],
                    "The images have other channels than the backbone takes.",
                    "Convert them."
                ),
                new(
                    "channels-mismatch",
                    [422],
                    "Data set and backbone differ in their channels.",
                    "Use images of the backbone's channels."
                ),
                new("archive-unreadable", [422], "The archive, or a file in it, cannot be read.", "Pack it again."),
                new(
                    "archive-too-large",
                    [413],
                    "The archive is, or unpacks to, more than is allowed.",
                    "Split the data set."
                ),
                new(
                    "archive-bomb",
                    [422],
                    "The archive unpacks to many times its size.",
                    "Send images in their own format, without padding."
                ),
                new(
                    "archive-path",
                    [422],
                    "An entry has a path that leaves the archive or is malformed.",
                    "Pack relative paths with forward slashes."
                ),
                new(
                    "archive-symlink",
                    [422],
                    "An entry is a link or a special file.",
                    "Replace it by the file itself."
                ),
                new(
                    "text-encoding",
                    [422],
                    "A name or a label file is in an encoding that it does not state.",
                    "State the encoding, or use UTF-8."
                ),
                new("archive-duplicate", [422], "Two entries have the same name.", "Keep one."),
                new("archive-encrypted", [422], "An entry is encrypted.", "Pack without a password."),
                new("folder-missing", [422], "The folder does not exist.", "Give the path of a folder of images."),
            ]
        ),
        (
            "Data sets",
            [
                new(
                    "dataset-layout",
                    [422],
                    "Folders or label files are in no layout that is known.",
                    "See `PUT /v1/datasets/{name}` for those that are."
                ),
                new(
                    "dataset-labels",
                    [422],
                    "A label file does not fit the images.",
                    "Correct the line that `detail` names."
                ),
                new("dataset-empty", [422], "There are too few images to train and to test.", "Add some."),
                new("dataset-one-class", [422], "There is only one class.", "Add another class folder."),
                new(
                    "dataset-class-too-small",
                    [422],
                    "A class has too few images.",
                    "Add some to the class that `detail` names."
                ),
                new(
                    "dataset-too-many-classes",
                    [422],
                    "There are more classes or attributes than is possible.",
                    "Leave some out or join them."
                ),
                new("class-unknown", [422], "The data set has no class of that name.", "Take one that `detail` lists."),
                new(
                    "clutter-invalid",
                    [422],
                    "The description of the canvases cannot be used.",
                    "Correct what `detail` names."
                ),
                new(
                    "clutter-attributes",
                    [422],
                    "Clutter needs classes, and the data set has attributes.",
                    "Use one with class folders."
                ),
                new(
                    "objects-missing",
                    [422],
                    "A class has too few images to compose canvases from.",
                    "Use a larger data set."
                ),
                new("pack-unreadable", [422], "A later build wrote the file of the data set.", "Update the program."),
                new("pack-corrupt", [422], "The file of the data set has changed on the disk.", "Import it again."),
                new(
                    "preprocessing-invalid",
                    [422],
                    "Size, means or deviations of the preprocessing are unusable.",
                    "Correct them."
                ),
            ]
        ),
        (
            "Tasks and settings",
            [
                new(
                    "settings-invalid",
                    [422],
                    "A setting is out of range, or does not go with another.",
                    "Take the range that `detail` names."
                ),
                new(
                    ErrorCodes.SettingsRemoved,
                    [400, 422],
                    "It names a setting that this build has no more, or is a version made with one.",
                    "Leave the setting out; activate another version, or adapt again."
                ),
                new("label-unknown", [422], "The data set has no label of that name.", "Take one that `detail` lists."),
                new("label-duplicate", [422], "A class is named twice.", "Name each once."),
                new(
                    "task-one-class",
                    [422],
                    "There is only one class to decide between.",
                    "Name another, or upload images of one."
                ),
                new(
                    "class-unknown-to-backbone",
                    [422],
                    "The head of the backbone has no such class, or the backbone no head.",
                    "Choose readout `own`."
                ),
                new(
                    "examples-too-few",
                    [422],
                    "There are too few training images.",
                    "Upload more, or ask for more of them."
                ),
                new(
                    "examples-too-many",
                    [422],
                    "More training images are asked for than there are.",
                    "Ask for fewer or upload more."
                ),
                new("plan-too-many-outputs", [422], "A plan covers fewer classes or attributes.", "Name fewer."),
                new(
                    "state-unreadable",
                    [422],
                    "The stored state is of a later build, or is none.",
                    "Update the program, or adapt the task again."
                ),
            ]
        ),
        (
            "Backbones",
            [
                new("backbone-spec", [422], "The description of the weights is not usable.", "Do what `detail` says."),
                new(
                    "backbone-architecture",
                    [422],
                    "The weights are those of no ResNet, or of another one than was named.",
                    "Do what `detail` says."
                ),
                new("backbone-cut", [422], "The backbone has no such place to cut.", "Take one that `detail` lists."),
                new(
                    "backbone-digest",
                    [422],
                    "The weights have changed since they were registered.",
                    "Register them again."
                ),
                new("backbone-not-resident", [422], "The backbone is not loaded.", "Try again."),
                new(
                    "weights-file",
                    [422],
                    "The file is damaged, or none with weights that are read without executing it.",
                    "Do what `detail` says."
                ),
                new(
                    "weights-type",
                    [422],
                    "A tensor has numbers of another type.",
                    "Store float32, float16 or bfloat16."
                ),
                new(
                    "weights-value",
                    [422],
                    "A tensor has a number that no network can have.",
                    "Export the weights that were trained."
                ),
                new(
                    "features-value",
                    [422],
                    "The backbone gives a training image a feature that is no finite number.",
                    "Use weights of usual size, or leave the image out."
                ),
                new(
                    "prediction-not-finite",
                    [422],
                    "The network's answer to an image is no finite number.",
                    "Use weights of usual size, or another version."
                ),
            ]
        ),
        (
            "The start of a silo, and a restore",
            [
                new(
                    "directory-in-use",
                    [],
                    "Another silo has the data directory.",
                    "Stop that one, or take another with `--data-dir`."
                ),
                new(
                    "directory-unwritable",
                    [],
                    "The data directory or the folder of the blobs is read-only.",
                    "Check disk, mount and permissions."
                ),
                new(
                    "catalog-behind",
                    [],
                    "The catalog lacks writes that it had, or is empty beside blobs.",
                    "Put its latest state back, restore a backup, or accept the loss with the number that is named."
                ),
                new(
                    "catalog-damaged",
                    [],
                    "The file of the catalog is no database, or damaged.",
                    "Put a copy back, or restore a backup."
                ),
                new("catalog-newer", [], "A later build wrote the catalog.", "Start that build."),
                new(
                    "cluster-mismatch",
                    [],
                    "The database belongs to another cluster.",
                    "Correct `Comod:Cluster:Id` or `Comod:Database`."
                ),
                new(
                    "blobs-mismatch",
                    [],
                    "The blobs are not those of this cluster.",
                    "Correct `Comod:Blobs`, or mount the folder."
                ),
                new(
                    "database-refused",
                    [],
                    "The database refuses the login, is missing or read-only.",
                    "Correct `Comod:Database`, or grant the rights."
                ),
                new(
                    "database-unreachable",
                    [],
                    "The server of the database does not answer.",
                    "Start it, or correct `Comod:Database`."
                ),
                new(
                    "restore-target",
                    [],
                    "A restore needs an empty place, or one was cut short there.",
                    "Name a new data directory, database and place of blobs."
                ),
                new(
                    "backup-incomplete",
                    [],
                    "The directory has no finished backup of that number.",
                    "Name another directory, or another backup of it."
                ),
                new(
                    "backup-damaged",
                    [],
                    "Files of the backup are missing or have changed.",
                    "Restore another one, or go on with `--skip-lost`."
                ),
                new("backup-newer", [], "A later build wrote the backup.", "Restore it with that build."),
                new("device", [], "The device is not there.", "Choose auto, cpu, cuda or cuda:N in `Comod:Device`."),
                new("threads", [], "The device cannot have so many threads.", "Choose 1 to 1024 in `Comod:Threads`."),
            ]
        ),
    ];

    private static readonly Dictionary<string, KnownError> ByCode = Groups
        .SelectMany(group => group.Errors)
        .ToDictionary(error => error.Code, StringComparer.Ordinal);

    /// <summary>
    /// The status of a refusal. Exceptions of the engine carry none, so a code that always has the same decides it.
    /// </summary>
    /// <param name="otherwise">For a code with several.</param>
    public static int StatusOf(string code, int otherwise) =>
        ByCode.GetValueOrDefault(code)?.Statuses is [var always] ? always : otherwise;
}
