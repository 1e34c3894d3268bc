namespace ComodCluster.Engine.LinearAlgebra;

/// <summary>Rows and columns of a matrix of float64 that lies in memory row by row; a window, not a copy.</summary>
internal readonly ref struct Block
{
    private readonly Span<double> _values;

    /// <param name="stride">From a row's beginning to the next one's.</param>
    public Block(Span<double> values, int rows, int columns, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, stride);
        _values = rows == 0 ? [] : values[..((rows - 1) * stride + columns)];
        (Rows, Columns, Stride) = (rows, columns, stride);
    }

    public Block(Span<double> values, int rows, int columns)
        : this(values, rows, columns, columns) { }

    public int Rows { get; }

    public int Columns { get; }

    public int Stride { get; }

    public ref double this[int row, int column] => ref _values[row * Stride + column];

    public Span<double> Row(int row) => _values.Slice(row * Stride, Columns);

    public Block Part(int row, int rows, int column, int columns) =>
        rows == 0 || columns == 0 ? default : new(_values[(row * Stride + column)..], rows, columns, Stride);
}
