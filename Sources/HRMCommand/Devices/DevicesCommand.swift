import ArgumentParser

/// The command `hrm devices`.
struct DevicesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices",
        abstract: "List the accelerators of this machine, and install plug-ins for them.",
        discussion: """
            Accelerators are reached through PJRT plug-ins: shared libraries that are opened while \
            hrm runs. They are looked for in HRM_PJRT_PLUGINS (files and folders, separated by \
            colons), among those of 'hrm devices install', and among the packages of Python.
            """,
        subcommands: [
            ListDevicesCommand.self, CheckDevicesCommand.self, InstallDevicesCommand.self,
        ],
        defaultSubcommand: ListDevicesCommand.self)
}
