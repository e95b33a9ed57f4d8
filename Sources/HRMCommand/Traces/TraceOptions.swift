public import ArgumentParser
import Foundation
public import HRMTraining

extension ThinkingTracer.Detail: ExpressibleByArgument {}

/// How closely `hrm solve` shows what goes on in the model.
struct TraceOptions: ParsableArguments {
    @Option(
        defaultAsFlag: .steps, parsing: .next,
        help: ArgumentHelp(
            "Show the board after each thinking step, with the changed cells marked; with "
                + "--trace=cycles also how the model's two states move within the steps.",
            valueName: "detail"))
    var trace: ThinkingTracer.Detail?
    @Option(
        help: ArgumentHelp(
            "Draw the thinking as an animation into an .svg or .gif file.", valueName: "file"))
    var animation: String?

    /// Whether traces are to be made.
    var areWanted: Bool { trace != nil || animation != nil }

    /// How closely to look.
    var detail: ThinkingTracer.Detail { trace ?? .steps }

    func validate() throws {
        // What the parser cannot read it takes for the flag alone, with a puzzle behind it.
        for argument in CommandLine.arguments where argument.hasPrefix("--trace=") {
            let value = String(argument.dropFirst("--trace=".count))
            guard ThinkingTracer.Detail(rawValue: value) == nil else { continue }
            throw ValidationError("--trace is '\(value)'; use steps or cycles")
        }
        if let animation, animationFormat == nil {
            throw ValidationError("--animation is \(animation); use a name with .svg or .gif")
        }
    }

    /// How animations are stored.
    enum AnimationFormat: String {
        case svg
        case gif
    }

    /// How the animation is stored; nil without one.
    var animationFormat: AnimationFormat? {
        animation.flatMap {
            AnimationFormat(rawValue: URL(fileURLWithPath: $0).pathExtension.lowercased())
        }
    }

    /// Refuses a file that cannot be written: said before the work.
    ///
    /// - Throws: ``CommandError`` naming the file.
    func check() throws {
        if let animation { try PictureOptions.check(animation) }
    }
}
