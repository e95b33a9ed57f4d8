// swift-tools-version: 6.2
import PackageDescription

/// Tools 6.x already means the Swift 6 language mode; these settings only add to it.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]
/// The one room that holds raw memory, C and threads marks every dangerous expression `unsafe`.
let memory: [SwiftSetting] = strict + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "swift-hrm",
    platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .visionOS(.v2)],
    products: [
        .library(
            name: "HRM",
            targets: [
                "HRM", "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMInference",
                "HRMTraining", "HRMPretrained",
                "HRMFigures", "HRMPerTask",
            ]),
        .library(
            name: "HRMInference",
            targets: [
                "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMInference", "HRMPretrained",
            ]),
        .library(name: "HRMText", targets: ["HRMText"]),
        .executable(name: "hrm", targets: ["HRMCommand"]),
    ],
    traits: [
        .trait(
            name: "MPI",
            description: "Training over many processes with the system's MPI (Open MPI, MPICH).")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", .upToNextMinor(from: "0.27.1")),
    ],
    targets: [
        .target(name: "CHRMKernels", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "CPJRT", cSettings: [.treatAllWarnings(as: .error)]),
        .target(name: "HRMTensor", dependencies: ["CHRMKernels"], swiftSettings: memory),
        // Empty without the trait, so the package has no native dependency by default.
        .target(
            name: "CMPI",
            cSettings: [
                .define("HRM_MPI", .when(traits: ["MPI"])), .treatAllWarnings(as: .error),
            ],
            linkerSettings: [.linkedLibrary("mpi", .when(traits: ["MPI"]))]),
        .target(name: "HRMFiles", dependencies: ["HRMTensor"], swiftSettings: strict),
        .target(name: "HRMData", dependencies: ["HRMFiles"], swiftSettings: strict),
        .target(name: "HRMModel", swiftSettings: strict),
        .target(
            name: "HRMEngine", dependencies: ["HRMModel", "HRMTensor"], swiftSettings: strict),
        .target(
            name: "HRMDistributed", dependencies: ["CMPI", "HRMEngine", "HRMModel", "HRMTensor"],
            swiftSettings: memory),
        .target(
            name: "HRMInference",
            dependencies: ["HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMTensor"],
            swiftSettings: strict),
        .target(
            name: "HRMTraining",
            dependencies: [
                "HRMInference", "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMTensor", yams,
            ],
            swiftSettings: strict),
        .target(
            name: "HRMText", dependencies: ["HRMFiles", "HRMTensor"], swiftSettings: strict),
        .target(
            name: "HRMPretrained", dependencies: ["HRMData", "HRMFiles", "HRMInference"],
            resources: [.copy("Models")], swiftSettings: strict),
        .target(
            name: "HRMAccelerator",
            dependencies: ["CPJRT", "HRMData", "HRMEngine", "HRMFiles", "HRMModel", "HRMTensor"],
            swiftSettings: memory),
        .target(name: "HRMFigures", swiftSettings: strict),
        .target(
            name: "HRMPerTask", dependencies: ["HRMData", "HRMFiles", "HRMTensor"],
            swiftSettings: strict),
        .target(
            name: "HRM",
            dependencies: [
                "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMInference", "HRMTraining",
                "HRMPretrained", "HRMFigures", "HRMPerTask",
                "HRMTensor",
            ],
            swiftSettings: strict),
        .target(
            name: "HRMServer",
            dependencies: [
                "HRM", "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMInference",
                "HRMTraining",
                "HRMPretrained", "HRMFigures", "HRMPerTask", "HRMTensor", "HRMText",
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [.copy("API/openapi.json"), .copy("Page")], swiftSettings: strict),
        .executableTarget(
            name: "HRMCommand",
            dependencies: [
                "HRM", "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMInference",
                "HRMTraining", "HRMPretrained",
                "HRMFigures", "HRMPerTask", "HRMTensor", "HRMText", "HRMAccelerator", "HRMServer",
                "HRMDistributed",
                argumentParser,
            ],
            swiftSettings: strict),
        .target(
            name: "_HRMTestSupport",
            dependencies: ["HRMData", "HRMInference", "HRMEngine", "HRMModel", "HRMTensor"],
            path: "Tests/_HRMTestSupport", swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", swiftSettings: strict),
        .testTarget(
            name: "HRMTensorTests", dependencies: ["HRMTensor", "_HRMTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "HRMFilesTests", dependencies: ["HRMFiles", "HRMTensor", "_HRMTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "HRMDataTests",
            dependencies: ["HRMData", "HRMFiles", "HRMTensor", "_HRMTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "HRMModelTests", dependencies: ["HRMModel", "HRMTensor", "_HRMTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "HRMEngineTests",
            dependencies: ["HRMEngine", "HRMModel", "HRMTensor", "_HRMTestSupport"],
            swiftSettings: strict),
        .testTarget(
            name: "HRMDistributedTests",
            dependencies: [
                "HRMDistributed", "HRMTraining", "HRMInference", "HRMEngine", "HRMModel", "HRMData",
                "HRMFiles", "HRMTensor", "_HRMTestSupport",
            ],
            swiftSettings: memory),
        .testTarget(
            name: "HRMInferenceTests",
            dependencies: [
                "HRMInference", "HRMModel", "HRMEngine", "HRMData", "HRMFiles", "HRMTensor",
                "_HRMTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HRMTrainingTests",
            dependencies: [
                "HRMTraining", "HRMInference", "HRMModel", "HRMEngine", "HRMData", "HRMFiles",
                "HRMTensor", "_HRMTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HRMPretrainedTests",
            dependencies: [
                "HRMPretrained", "HRMInference", "HRMModel", "HRMEngine", "HRMData", "HRMTensor",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HRMTextTests",
            dependencies: ["HRMText", "HRMFiles", "HRMTensor", "_HRMTestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "HRMPerTaskTests",
            dependencies: ["HRMPerTask", "HRMData", "HRMFiles", "HRMTensor", "_HRMTestSupport"],
            exclude: ["Fixtures"], swiftSettings: strict),
        .testTarget(
            name: "HRMAcceleratorTests",
            dependencies: [
                "HRMAccelerator", "HRMData", "HRMEngine", "HRMFiles", "HRMModel", "HRMTensor",
                "_HRMTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "HRMServerTests",
            dependencies: [
                "HRMServer", "HRM", "HRMData", "HRMEngine", "HRMFiles", "HRMInference", "HRMModel",
                "HRMTraining",
                "HRMPretrained", "HRMPerTask", "HRMText", "HRMTensor", "_HRMTestSupport",
            ],
            swiftSettings: strict),
        .testTarget(name: "HRMTests", dependencies: ["HRM"], swiftSettings: strict),
        .testTarget(
            name: "HRMFiguresTests", dependencies: ["HRMFigures"], swiftSettings: strict),
        .testTarget(
            name: "HRMCommandTests",
            dependencies: [
                "HRMCommand", "HRM", "HRMData", "HRMFiles", "HRMFigures", "HRMPretrained",
                "HRMTensor", "HRMInference", "HRMTraining", "HRMPerTask", "HRMText",
                "_HRMTestSupport",
                argumentParser,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "GoldenTests",
            dependencies: [
                "HRMTraining", "HRMInference", "HRMModel", "HRMEngine", "HRMData", "HRMFiles",
                "HRMTensor", "HRMAccelerator", "_HRMTestSupport",
            ],
            exclude: ["Fixtures"], swiftSettings: strict),
    ]
)
