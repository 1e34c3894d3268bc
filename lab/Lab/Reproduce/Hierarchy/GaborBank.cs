namespace ComodCluster.Lab.Reproduce.Hierarchy;

/// <summary>Gabor filters on a grid of positions, and their responses to images.</summary>
internal sealed class GaborBank
{
    /// <summary>Pixels along each side of an image; it spans -2 pi to 2 pi.</summary>
    public const int Side = 56;

    private const double Extent = 2 * Math.PI,
        Smallest = 0.1;
    private readonly (int[] Pixels, float[] Values)[] _filters;

    /// <param name="width">Standard deviation of the envelope.</param>
    /// <param name="wavelength">Wavelength of the grating.</param>
    public GaborBank(Geometry geometry, double width, double wavelength)
    {
        Geometry = geometry;
        _filters =
        [
            .. from y in Enumerable.Range(0, geometry.Positions)
            from x in Enumerable.Range(0, geometry.Positions)
            from o in Enumerable.Range(0, geometry.Orientations)
            select Gabor(
                At(x, geometry.Positions),
                At(y, geometry.Positions),
                Math.PI * o / geometry.Orientations,
                width,
                wavelength
            ),
        ];
    }

    public Geometry Geometry { get; }

    /// <summary>Adds the pattern that a filter responds to most.</summary>
    public void Add(float[] image, int x, int y, int orientation)
    {
        var (pixels, values) = _filters[(y * Geometry.Positions + x) * Geometry.Orientations + orientation];
        for (var i = 0; i < pixels.Length; i++)
            image[pixels[i]] += values[i];
    }

    /// <summary>
    /// Responses of all filters to an image of mean 0 and variance 1, cut at 0: a non-negative gain may be applied
    /// before or after the cut.
    /// </summary>
    /// <returns>[(y * positions + x) * orientations + orientation]</returns>
    public float[] Respond(float[] image)
    {
        double mean = image.Average(),
            deviation = Math.Sqrt(image.Average(pixel => (pixel - mean) * (pixel - mean)));
        return Filter([.. image.Select(pixel => (float)((pixel - mean) / deviation))]);
    }

    /// <summary>As <see cref="Respond"/>, to the image as it is.</summary>
    public float[] Filter(float[] image)
    {
        var responses = new float[_filters.Length];
        for (var j = 0; j < responses.Length; j++)
        {
            var (pixels, values, sum) = (_filters[j].Pixels, _filters[j].Values, 0f);
            for (var i = 0; i < pixels.Length; i++)
                sum += values[i] * image[pixels[i]];
            responses[j] = Math.Max(sum, 0);
        }
        return responses;
    }

    private static double At(int index, int count) => -Extent + 2 * Extent * index / (count - 1);

    private static (int[] Pixels, float[] Values) Gabor(
        double centreX,
        double centreY,
        double orientation,
        double width,
        double wavelength
    )
    {
        var (pixels, values) = (new List<int>(), new List<float>());
        for (var pixel = 0; pixel < Side * Side; pixel++)
        {
            double dx = At(pixel % Side, Side) - centreX,
                dy = At(pixel / Side, Side) - centreY;
            double along = dx * Math.Cos(orientation) + dy * Math.Sin(orientation),
                across = -dx * Math.Sin(orientation) + dy * Math.Cos(orientation);
            var value =
                Math.Exp(-(along * along + across * across) / (2 * width * width))
                * Math.Cos(2 * Math.PI * along / wavelength);
            if (Math.Abs(value) < Smallest)
                continue;
            pixels.Add(pixel);
            values.Add((float)value);
        }
        return ([.. pixels], [.. values]);
    }
}
