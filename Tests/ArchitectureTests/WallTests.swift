import Testing

/// The permitted imports between modules, and the absence of cycles between folders.
///
/// `Docs/Architecture.md` has the same diagram.
@Suite struct WallTests {
    /// The modules of the package that each module may import.
    static let allowed: [String: Set<String>] = [
        "HRMTensor": ["CHRMKernels"],
        "HRMFiles": ["HRMTensor"],
        "HRMModel": [],
        "HRMEngine": ["HRMModel", "HRMTensor"],
        "HRMData": ["HRMFiles"],
        "HRMDistributed": ["HRMEngine", "HRMModel", "HRMTensor"],
        "HRMInference": ["HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMTensor"],
        "HRMTraining": [
            "HRMInference", "HRMData", "HRMFiles", "HRMModel", "HRMEngine", "HRMTensor",
        ],
        "HRMPretrained": ["HRMData", "HRMFiles", "HRMInference"],
        "HRMText": ["HRMFiles", "HRMTensor"],
        "HRMAccelerator": ["HRMData", "HRMEngine", "HRMFiles", "HRMModel", "HRMTensor"],
        "HRMFigures": [],
        "HRMPerTask": ["HRMTensor", "HRMFiles", "HRMData"],
        "HRM": [
            "HRMTensor", "HRMFiles", "HRMModel", "HRMEngine", "HRMData", "HRMInference",
            "HRMTraining", "HRMPretrained", "HRMFigures", "HRMPerTask",
        ],
        "HRMServer": [
            "HRM", "HRMTensor", "HRMFiles", "HRMModel", "HRMEngine", "HRMData", "HRMInference",
            "HRMTraining", "HRMPretrained", "HRMFigures", "HRMPerTask", "HRMText", "HRMAccelerator",
        ],
        "HRMCommand": [
            "HRMServer", "HRM", "HRMTensor", "HRMFiles", "HRMModel", "HRMEngine", "HRMData",
            "HRMInference", "HRMTraining", "HRMPretrained", "HRMFigures", "HRMPerTask", "HRMText",
            "HRMAccelerator", "HRMDistributed",
        ],
    ]

    /// External modules, and the only modules of the package that may import them.
    static let guests: [String: Set<String>] = [
        "Yams": ["HRMTraining"], "ArgumentParser": ["HRMCommand"], "FlyingSocks": ["HRMServer"],
    ]

    @Test func modulesImportOnlyTheirGroundFloors() throws {
        let modules = try SourceModule.all()
        try #require(Set(modules.map(\.name)) == Set(Self.allowed.keys))
        for module in modules {
            let own = module.imports.filter { $0.hasPrefix("HRM") || $0.hasPrefix("CHRM") }
            let excess = own.subtracting(Self.allowed[module.name] ?? [])
            #expect(excess.isEmpty, "\(module.name) imports \(excess.sorted())")
            for (guest, hosts) in Self.guests where !hosts.contains(module.name) {
                #expect(!module.imports.contains(guest), "\(module.name) imports \(guest)")
            }
        }
        #expect(circle(in: Self.allowed) == nil)
    }

    @Test func foldersOfAModuleHaveNoCircle() throws {
        for module in try SourceModule.all() {
            let found = circle(in: module.folderUses)
            #expect(found == nil, "\(module.name): \(found?.joined(separator: " → ") ?? "")")
        }
    }

    @Test func circlesAreFound() {
        #expect(circle(in: [:]) == nil)
        #expect(circle(in: ["a": ["b", "c"], "b": ["c"]]) == nil)
        #expect(circle(in: ["a": ["b"], "b": ["c"], "c": ["b"]]) == ["b", "c", "b"])
        #expect(circle(in: ["a": ["a"]]) == ["a", "a"])
    }

    @Test func aModuleIsReadFromItsCode() {
        let first = SourceModule.File(
            path: "A/One.swift",
            text: """
                package import Two // import Three
                public struct One { let text = "Other" }
                /* Last */ extension Other {}
                """)
        let second = SourceModule.File(path: "Other.swift", text: "final class Other {\n}\n")
        let module = SourceModule(name: "M", files: [first, second])
        #expect(first.folder == "A")
        #expect(second.folder == ".")
        #expect(module.imports == ["Two"])
        #expect(module.folderUses == ["A": ["."]])
    }
}
