// swift-tools-version: 6.2
import PackageDescription

let hrm = Target.Dependency.product(name: "HRM", package: "swift-hrm")

let package = Package(
    name: "swift-hrm-examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-hrm", path: "..")],
    targets: [
        .executableTarget(name: "SudokuSolver", dependencies: [hrm]),
        .executableTarget(name: "TrainYourOwn", dependencies: [hrm]),
        .executableTarget(name: "DrawPuzzles", dependencies: [hrm]),
    ]
)
