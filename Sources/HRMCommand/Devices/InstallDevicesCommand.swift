import ArgumentParser
import Foundation
import HRMAccelerator
import HRMFigures

/// The command `hrm devices install`.
struct InstallDevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install a plug-in from the Python package index.",
        discussion: """
            The wheel is taken from the index that pip uses (PIP_INDEX_URL, pip.conf), its SHA-256 \
            digest is checked, and only the plug-in is unpacked. Python is not needed. The plug-ins \
            for cuda12, cuda13 and rocm7 need the libraries of their vendor on this machine.
            """)

    @Argument(
        help: ArgumentHelp(
            "cpu, cuda12, cuda13, rocm7 or tpu, or a package: NAME or NAME==VERSION.",
            valueName: "device"))
    var device: String

    @Flag(help: "Show the wheel that would be installed.")
    var dryRun = false

    func run() throws {
        guard let package = PluginPackage(text: device) else {
            let names = PluginPackage.known.map(\.device).joined(separator: ", ")
            throw UsageError("'\(device)' is not one of \(names), and not a package's name")
        }
        let environment = ProcessInfo.processInfo.environment
        let installer = PluginInstaller(
            settings: try IndexSettings(environment: environment),
            folder: PluginFolder.url(environment: environment))
        let choice = try installer.choice(of: package)
        let size = choice.byteCount.map { NumberText.bytes($0) } ?? "size not told"
        let source = "\(choice.wheel) (\(size)) from \(installer.settings.url.absoluteString)"
        if dryRun {
            try Console.print(source)
            return
        }
        var progress = ProgressDisplay()
        progress.tell(source)
        let (plugin, wasThere) = try installer.install(choice, of: package) { received, total in
            progress.show(isEnd: received == total) { elapsed in
                let fraction = Double(received) / Double(max(1, total ?? received))
                return ProgressBar(
                    fraction: fraction, losses: [.init("MB", Double(received) / 1e6)],
                    secondsLeft: ProgressBar.secondsLeft(elapsed: elapsed, fraction: fraction))
            }
        }
        progress.tell(wasThere ? "It is installed already:" : "Installed:")
        try Console.print(plugin.path)
    }
}
