import HRMModel
import HRMTraining
import Testing

@Suite struct CurriculumTests {
    @Test(arguments: ["0:1x2,0.3:2x4,0.6:3x6", "0:3x6", "0:1x1,0.001:2x1"])
    func whatIsWrittenIsRead(_ text: String) throws {
        let curriculum = try #require(DepthCurriculum(text))
        #expect(curriculum.text == text)
        #expect(DepthCurriculum(curriculum.text) == curriculum)
    }

    @Test(arguments: [
        "", ",", "0:1x2,", "0.1:1x2", "0:1", "0:1x2x3", "0:0x2", "0:1x-2", "0:1x2,0:2x2",
        "0:1x2,0.5:2x2,0.4:3x3", "0:1x2,1:2x2", "0:1x2 0.5:2x2", "0:axb", "nan:1x2",
        "0:1x2,nan:2x2", "0:1x99999999999999999999",
    ])
    func otherFormsAreNot(_ text: String) {
        #expect(DepthCurriculum(text) == nil)
        var configuration = TrainingConfiguration()
        #expect(throws: ConfigurationError.self) {
            try configuration.set("depth_curriculum=" + (text.isEmpty ? "none" : text))
        }
    }

    @Test(arguments: [
        ("0:2,0.1:16", true), ("0:1", true), ("0:2x2", false), ("0:two", false), ("0.1:2", false),
        ("0:2,0.5:", false), ("0:99999999999999999999", false),
    ])
    func segmentsAreNumbers(_ text: String, _ isRead: Bool) throws {
        #expect(SegmentCurriculum(text)?.text == (isRead ? text : nil))
    }

    @Test func everyStepHasAStage() throws {
        let curriculum = try #require(DepthCurriculum("0:1x2,0.3:2x4,0.6:3x6"))
        for total in [1, 2, 3, 7, 10, 999] {
            let depths = (1...total).map { curriculum.value(at: $0, of: total) }
            let counts = curriculum.stages.map { stage in depths.count { $0 == stage.value } }
            #expect(counts == curriculum.stepCounts(of: total), "\(total) steps")
        }
        #expect(curriculum.stepCounts(of: 10) == [3, 3, 4])
        #expect(curriculum.value(at: 3, of: 10).highCycles == 1)
        #expect(curriculum.value(at: 4, of: 10).highCycles == 2)
        #expect(curriculum.value(at: 7, of: 10).lowCycles == 6)
    }

    @Test(arguments: [
        ("0:1x2,0.5:3x6", nil), ("0:1x2,0.5:2x6", "must end with"), ("0:4x2,0.5:3x6", "no more"),
        ("0:1x7,0.5:3x6", "no more"),
    ])
    func itEndsWithTheModelsDepth(_ text: String, _ fault: String?) throws {
        var configuration = TrainingConfiguration()
        for assignment in ["H_cycles=3", "L_cycles=6", "depth_curriculum=\(text)"] {
            try configuration.set(assignment)
        }
        guard let fault else { return try configuration.validate() }
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == "depth_curriculum")
        #expect(error?.requirement.contains(fault) == true, "\(error as Any)")
    }

    @Test(arguments: [
        ("0:2,0.1:8", nil), ("0:8", nil), ("0:2,0.1:9", "must end with"), ("0:2", "must end with"),
        ("0:9,0.1:8", "no more"), ("0:0,0.1:8", "less than 1"), ("0:-1,0.1:8", "less than 1"),
    ])
    func itEndsWithTheModelsSegments(_ text: String, _ fault: String?) throws {
        var configuration = TrainingConfiguration()
        try configuration.set("halt_max_steps=8")
        try configuration.set("segment_curriculum=\(text)")
        guard let fault else { return try configuration.validate() }
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == "segment_curriculum")
        #expect(error?.requirement.contains(fault) == true, "\(error as Any)")
    }

    @Test func aTransformerHasNone() throws {
        var configuration = TrainingConfiguration()
        configuration.architecture.family = .transformer
        try configuration.set("depth_curriculum=0:1x1,0.5:2x2")
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.key == "depth_curriculum")
    }
}
