namespace ComodCluster.Engine.Trials;

/// <summary>
/// How a method did on images that the parameters which answered had not seen. Trials that differ in nothing but the
/// method have the same images in the same order.
/// </summary>
/// <param name="Folds">Folds of the cross-validation; 1: the images are a part of their own.</param>
/// <param name="Losses">Negative log-likelihood of each image, nats.</param>
/// <param name="Accuracy">0 to 1.</param>
public sealed record HeldOut(int Folds, IReadOnlyList<double> Losses, double Accuracy);
