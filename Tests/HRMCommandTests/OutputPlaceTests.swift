import Foundation
import Testing

/// Output paths that are occupied by something other than a file.
@Suite struct OutputPlaceTests {
    private static func use(_ body: (Workbench) throws -> Void) throws {
        try Workbench.use { bench in
            try FileManager.default.createDirectory(
                at: bench.url("run"), withIntermediateDirectories: false)
            try bench.write("{\"step\":1,\"a\":1}\n{\"step\":2,\"a\":2}\n", to: "run/metrics.jsonl")
            let drawn = try bench.hrm("plot", "run", "--svg", "expected.svg")
            try #require(drawn.status == 0, "\(drawn.errors)")
            try body(bench)
        }
    }

    @Test func aPipeIsWrittenTo() throws {
        try Self.use { bench in
            let script = #"""
                mkfifo pipe && { cat pipe > copy & "$hrm" plot run --svg pipe; wait; } && test -p pipe
                """#
            let result = try Program.shell(script, in: bench.folder)
            #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
            #expect(try bench.bytes("copy") == bench.bytes("expected.svg"))
            #expect(try !bench.listing().contains { $0.hasSuffix(".tmp") })
        }
    }

    @Test(arguments: ["/dev/stdout", "/dev/fd/1"])
    func standardOutputHasTheFileBehindWhatWasPrinted(_ name: String) throws {
        try Self.use { bench in
            for target in ["> copy", "| cat > copy"] {
                let result = try Program.shell(
                    #"{ echo first; "$hrm" plot run --svg \#(name); echo last; } \#(target)"#,
                    in: bench.folder)
                #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
                #expect(
                    try bench.bytes("copy")
                        == Data("first\n".utf8) + bench.bytes("expected.svg") + Data("last\n".utf8))
            }
        }
    }

    @Test func theNullDeviceStays() throws {
        try Self.use { bench in
            let result = try bench.hrm("plot", "run", "--svg", "/dev/null", "--png", "/dev/null")
            #expect(result.status == 0, "\(result.errors)")
            let kind = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
            #expect(kind as? FileAttributeType == .typeCharacterSpecial)
        }
    }

    @Test func linksAndModesStay() throws {
        try Self.use { bench in
            let script = #"""
                set -e
                mkdir far
                echo old > far/file.svg; chmod 640 far/file.svg; ln -s far/file.svg link.svg
                ln -s link.svg chain.svg
                ln -s far/new.svg dangling.svg
                echo a longer content than a picture has? no > one.svg; ln one.svg two.svg
                echo old > mode.svg; chmod 604 mode.svg
                for name in link chain dangling one mode; do "$hrm" plot run --svg $name.svg; done
                test -L link.svg && test -L chain.svg && test -L dangling.svg
                test one.svg -ef two.svg
                for name in far/file far/new two mode; do cmp expected.svg $name.svg; done
                ls -l far/file.svg mode.svg | cut -c 1-10
                """#
            let result = try Program.shell(script, in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output == "-rw-r-----\n-rw----r--\n")
            #expect(try !bench.listing().contains { $0.hasSuffix(".tmp") })
        }
    }

    /// Weights are written through links, as pictures are.
    @Test func weightsAreWrittenThroughLinks() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let script = #"""
                set -e
                echo old > real.safetensors; chmod 600 real.safetensors
                ln -s real.safetensors link.safetensors
                "$hrm" convert run/model.safetensors --output link.safetensors --overwrite
                test -L link.safetensors
                ls -l real.safetensors | cut -c 1-10
                """#
            let result = try Program.shell(script, in: bench.folder)
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.output.hasSuffix("-rw-------\n"), "\(result.output)")
            let evaluated = try bench.hrm(
                "evaluate", "--checkpoint", "real.safetensors", "--data", "data", "--json")
            #expect(evaluated.status == 0, "\(evaluated.errors)")
        }
    }

    /// A copy of a run made of hard links is unchanged when the run is resumed.
    @Test func copiesOfARunStay() throws {
        try Workbench.use { bench in
            try bench.prepareAndTrain()
            let copied = try Program.shell(
                "mkdir copy && for file in run/*.*; do ln $file copy; done", in: bench.folder)
            #expect(copied.status == 0, "\(copied.errors)")
            let files = ["model.safetensors", "run.json"]
            let before = try files.map { try bench.bytes("copy/\($0)") }
            let more = try bench.hrm("train", "--resume", "run", "--steps", "6")
            #expect(more.status == 0, "\(more.errors)")
            #expect(try files.map { try bench.bytes("copy/\($0)") } == before)
            #expect(try files.map { try bench.bytes("run/\($0)") } != before)
        }
    }

    @Test func placesThatCannotBeWrittenAreSaidBeforeTheWork() throws {
        try Workbench.use { bench in
            let puzzle = "3..16416..5..5.6....14...1..4....231"
            for name in ["none/a.svg", "."] {
                let result = try bench.hrm("solve", puzzle, "--svg", name)
                expectFailure(result, mentioning: "cannot be written")
            }
            // With two pictures in one file, only the second would be kept.
            for options in [
                ["--svg", "a", "--png", "./a"], ["--svg", "a.svg", "--animation", "a.svg"],
            ] {
                let result = try bench.hrm(["solve", puzzle] + options)
                expectFailure(result, mentioning: "both name", "a file of its own")
            }
            #expect(try bench.listing().isEmpty)
        }
    }
}
