import Foundation
import HRMData
import HRMFigures
import HRMFiles
import HRMPerTask

/// The frames of an animation of the learning of tasks.
struct LearningFilm {
    /// The maximum number of tasks in an animation, to keep the file usable.
    static let mostTasks = 10
    private static let secondsPerFrame = 0.25
    private static let lastSeconds = 3.0

    private let options: TraceOptions
    private var frames: [AnimatedSheet.Frame] = []
    private var tasks = 0
    private var leftOut = 0

    init(_ options: TraceOptions) {
        self.options = options
    }

    /// Returns true for steps that have a frame: all of the first ones, then ever fewer.
    static func shows(_ step: Int) -> Bool {
        guard step > 10 else { return true }
        let before = log(Double(step - 1)) * 16
        return Int(log(Double(step)) * 16) > Int(before)
    }

    /// Adds the learning of a task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - history: The progress after the shown steps, the last one included.
    mutating func add(_ task: ARCTask, _ history: [PerTaskProgress]) {
        guard options.animation != nil, !history.isEmpty else { return }
        guard tasks < Self.mostTasks else {
            leftOut += 1
            return
        }
        tasks += 1
        for (index, progress) in history.enumerated() {
            let sheet = PictureSheet(
                rows: ARCPictures.answers(of: task, progress, showsLatest: true, marks: false))
            let isLast = index == history.count - 1
            frames.append(
                .init(sheet, seconds: isLast ? Self.lastSeconds : Self.secondsPerFrame))
        }
    }

    /// Writes the animation.
    func write() throws {
        guard let animation = options.animation else { return }
        guard !frames.isEmpty else {
            Console.tell("Note: nothing was learned, so there is nothing to animate")
            return
        }
        if leftOut > 0 {
            Console.tell(
                "Note: the learning of the first \(Self.mostTasks) tasks is animated, that of "
                    + "\(NumberText.grouped(leftOut)) is not")
        }
        let sheet = AnimatedSheet(frames: frames)
        let data =
            switch options.animationFormat {
            case .gif: Data(sheet.gif)
            case .svg, nil: Data(sheet.svg.utf8)
            }
        try AtomicFile.write(data, to: URL(fileURLWithPath: animation))
    }
}
