// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "swift-hrm-examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-hrm", path: "..")],
    targets: [
        .executableTarget(
            name: "SudokuSolver", dependencies: [.product(name: "HRM", package: "swift-hrm")])
    ]
)
