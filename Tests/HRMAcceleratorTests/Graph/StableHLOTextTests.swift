import Testing

@testable import HRMAccelerator

@Suite struct StableHLOTextTests {
    private func text(_ body: (GraphBuilder) -> Void) -> String {
        let builder = GraphBuilder()
        body(builder)
        return builder.graph.stableHLOText(name: "test")
    }

    @Test func signatureNamesDonors() throws {
        let text = text { builder in
            let x = builder.argument("x", BufferType([2, 3]))
            let y = builder.argument("y", BufferType([2, 3]))
            builder.output("sum", x + y, donor: "y")
        }
        let signature = try ProgramSignature(text: text)
        #expect(signature.parameters.map(\.isDonated) == [false, true])
        #expect(signature.results == [BufferType([2, 3])])
        #expect(text.contains("stablehlo.add %arg0, %arg1 : tensor<2x3xf32>"))
    }

    @Test func unusedOperationsAreLeftOut() {
        let text = text { builder in
            let x = builder.argument("x", BufferType([2]))
            _ = x.exponential
            builder.output("x", x)
        }
        #expect(!text.contains("exponential"))
    }

    @Test(arguments: [
        (1e-5, "dense<1.0e-05>"), (0.1, "dense<0.1>"), (1e30, "dense<1.0e+30>"),
        (-Double.infinity, "dense<0xFF800000>"), (3.0, "dense<3.0>"),
    ])
    func literalsHavePointOrBits(_ value: Double, _ expected: String) {
        let text = text { $0.output("c", $0.constant(value)) }
        #expect(text.contains(expected), "\(text)")
    }

    @Test func stopsAreTheIdentity() {
        let text = text { builder in
            let x = builder.argument("x", BufferType([2]))
            builder.output("x", x.stopped)
        }
        #expect(text.contains("return %arg0"))
    }
}
