/// The metrics of a run, by name.
public struct MetricsHistory: Sendable, Hashable {
    /// The series, in the order in which their names first stand in the file.
    public private(set) var series: [MetricSeries] = []
    /// The last step there is anything about; 0 where there is nothing.
    public private(set) var lastStep = 0
    /// Whether the file ended in the middle of a line or record, as that of a run which was killed;
    /// what is whole was read.
    public internal(set) var isTruncated = false

    /// Points of a series that are kept unless the caller wants another number of them.
    public static let defaultPointLimit = 1 << 16
    /// Files with more names are refused.
    public static let nameLimit = 4096

    private let pointLimit: Int
    private var places: [String: Int] = [:]

    /// A history without series.
    init(pointLimit: Int) {
        self.pointLimit = pointLimit
    }

    /// The series of this name.
    public subscript(name: String) -> MetricSeries? {
        places[name].map { series[$0] }
    }

    /// The place of a name among the series, which is made if there is none; nil when there are too
    /// many.
    mutating func place(of name: String) -> Int? {
        if let known = places[name] { return known }
        guard series.count < Self.nameLimit else { return nil }
        places[name] = series.count
        series.append(MetricSeries(name: name, pointLimit: pointLimit))
        return series.count - 1
    }

    /// Takes in a value.
    mutating func append(_ value: Double, step: Int, place: Int) {
        series[place].append(value, step: step)
        lastStep = max(lastStep, step)
    }
}
