/// The metrics of a run, by name.
public struct MetricsHistory: Sendable, Hashable {
    /// The series, in the order of their first occurrence in the file.
    public private(set) var series: [MetricSeries] = []
    /// The last step with any value; 0 if there is none.
    public private(set) var lastStep = 0
    /// True if the file ends within a line or record, for instance because the run was killed; the
    /// complete part was read.
    public internal(set) var isTruncated = false

    /// The default maximum number of points per series.
    public static let defaultPointLimit = 1 << 16
    /// The maximum number of names in a file.
    public static let nameLimit = 4096

    private let pointLimit: Int
    private var places: [String: Int] = [:]

    /// Creates a history without series.
    init(pointLimit: Int) {
        self.pointLimit = pointLimit
    }

    /// The series with a name; nil if there is none.
    public subscript(name: String) -> MetricSeries? {
        places[name].map { series[$0] }
    }

    /// Returns the index of a series, which is created if necessary; nil if there are too many.
    mutating func place(of name: String) -> Int? {
        if let known = places[name] { return known }
        guard series.count < Self.nameLimit else { return nil }
        places[name] = series.count
        series.append(MetricSeries(name: name, pointLimit: pointLimit))
        return series.count - 1
    }

    /// Appends a value to the series at index `place`.
    mutating func append(_ value: Double, step: Int, place: Int) {
        series[place].append(value, step: step)
        lastStep = max(lastStep, step)
    }
}
