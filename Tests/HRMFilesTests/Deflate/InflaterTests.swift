import Foundation
import Testing

@testable import HRMFiles

@Suite struct InflaterTests {
    /// `zlib.compressobj(level, zlib.DEFLATED, -15)` of Python 3.12 for three texts.
    static let cases: [(base64: String, content: [UInt8])] = [
        ("AwA=", []),
        // Level 0: a stored block.
        ("AQUA+v9oZWxsbw==", Array("hello".utf8)),
        // Fixed codes with an overlapping match.
        ("S0wcBcQCAA==", [UInt8](repeating: 0x61, count: 300)),
    ]

    private func inflated(_ bytes: Data, limit: Int = 1 << 24) throws -> [UInt8] {
        var inflater = Inflater(bytes, limit: limit)
        var result: [UInt8] = []
        let count = try inflater.run { result += $0 }
        #expect(count == result.count)
        return result
    }

    @Test(arguments: cases.indices) func recordedBytes(_ index: Int) throws {
        let bytes = try #require(Data(base64Encoded: Self.cases[index].base64))
        #expect(try inflated(bytes) == Self.cases[index].content)
    }

    /// ``squares``, compressed with dynamic codes.
    static let dynamic: Data =
        Data(base64Encoded: dynamicText, options: .ignoreUnknownCharacters) ?? Data()

    /// The numbers 0, 1, 2, … 799, squared, with a blank behind each.
    static var squares: [UInt8] { (0..<800).flatMap { Array("\($0 * $0) ".utf8) } }

    @Test func dynamicCodes() throws {
        #expect(try inflated(Self.dynamic) == Self.squares)
    }

    @Test func theLimitHolds() throws {
        #expect(throws: InflateProblem.self) {
            try inflated(Self.dynamic, limit: Self.squares.count - 1)
        }
        #expect(try inflated(Self.dynamic, limit: Self.squares.count).count == Self.squares.count)
    }

    @Test func survivesMutation() throws {
        let count = ProcessInfo.processInfo.environment["HRM_MUTATIONS"].flatMap(Int.init) ?? 200
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<count {
            var bytes = Self.dynamic
            switch next(3) {
            case 0: bytes = bytes.prefix(next(bytes.count))
            case 1: bytes[next(bytes.count)] ^= UInt8(1 << next(8))
            default: for _ in 0..<20 { bytes[next(bytes.count)] = UInt8(next(256)) }
            }
            do {
                _ = try inflated(bytes, limit: 1 << 20)
            } catch let error as InflateProblem {
                #expect(!error.reason.isEmpty)
            }
        }
    }

    private static let dynamicText = """
        LZjZgcQwCENbmRJsA8b039jqKfuzSdYX5pDErN/+5W9++/5O/eL+cn43f2//9lq/ffTM1KhmjKZozik93/zipOZr
        teZl6vnyV2d+1fd3Ne/q2fpu/f9pfDRvLvtq4V7aYW9ttdlzH22+g1OS44pzLwZcLGlZtF9igyw8Cys2Fp81vxMr
        fyfXlmVacS5vzf8eo6N5wYrQ/hgty0P7RWrn4IxonRZP58bIglyyJbEqQ/ZlytK8sjmb23KNWrpPbS4c3Fgjv+LO
        1byN/neXRrVqy5tacUtrb2uX+7Rfr8I5WtE689elc7tlQY9sebj+Hdn3klhc2fyerB/uoRl6k5Xypm45bzlWOGsd
        v+fCwVcz5GZN3pt1e5/gPfHjvrh0P7x7vkgHPj+F+08TiTMOiuMTWQ4QUYshgLmvc4O1spL39wid1ulvyBHbPtn1
        eL/+/w3mXM+/uHK39+lkz/b+PZz1fK6CzrvtmYVtYzvHyTHYrzvrLmdxr7OaBNlfhgQpsvHDYbHSBf+cL00Ofjux
        +X+k86iZn16bwT6J55Ux7F/EQ7nP2iJKR9HV/y+xOzJc8x3R00WFNHE+ugWJSPRVM6wdcuJMyQ9ysHyi5GxSFF/F
        Gt43WSXrNScOuaa0JVEPGRixqbwgLyO0tVKZcxWi4Z0cjgrSuZzZl/gq5Z3vj9RvV0FfCuK5NlSgvFMxCu9yKSzX
        NtW90u9P/89NzRF8ioS1ihywcajPjKP99a2zhAlGBmpZsZE9WVR4VlNg1xV2LyXWoEF2ucjACGEJax+4kaOt9Rcs
        qbUpMPuq9uJ9G3OUCqAPOKRvSjTApoqnPSvBK1WpzqriXEVoKFlwrZSNmtNgnbCLtU9lo7+lu5QSR3NGpqumue9d
        pbvjVFX5FhSozJf8c51XN/we/n96Tnp+eW15n8ueXF1zmrOuz5XXZAMh0v8H22Ql8LCMFAv7ZSb4sblXH+7Yvm8H
        dxeayA+d+KQL/7RrUHnD+zUeN/7sxrdtP/fD5yo77fkWsXiLuDxj89vE6x1i9w5xfEFMn+MrhAKniri/Igdkvu74
        mvuqcHX398iZ98ifN+TSOK9mkWOzybfZ5B7FIXAzXgvqgbwkVyfJ2ylyeJzPc8nt4dr6S87PI/9VUqwd6kLzKJK9
        9jbl7P6nH2NlUFh6UGVCAUpOD+pvrw+4lGb+uuOxLs98x+tczXsNpQ3AcoL+a1rbIIAOPR/sgg17B0Ah+AU19ABC
        IEB22Rdw0WOMyn0N0S+M1/OB94BOuApYF/uB8Wcb/D9EA8H9FeOxNAGcCq+73uVc8FH4bhLQoZx33kcDH6bGMsAC
        jMnD0Attgv//ZBBG6MiPDsrYrVTEE/GhusAFL8Uz3scY/JWc+DNdviIQc0Qej6lEmanUMZX880p9JFMf41yfl20u
        yo8gFGAsI27QzjJ/1fYd6mM2ITf3U+VxW03g7sKBMEPZL3XNk5Q/Y88MqlPXJ0MsRJZ9rVsyJuxfpjPIWF70LoJY
        9qSuxyTHecpTTr8mdT0c9zuQ/UYGQHgbEbD7y5cOxIEezqXONjOW86wtJrZKGC/1Q2To4fzsQXwoI+zdt9Nfx3n9
        ArGyudc2qbLLK9fDu4gbcaxrRTrD7OsyUu4hhvQYE/B+ZuDTpuD4ODgpyg1AMnaPZVojtgTK9ss8RNhWUUKza1mc
        ibUh4PWx8QoLOJWhx8rCbl2LvGUo0eMTf++Z6AdRqAADP4hBdlG2Q8zKTJiZZIL6C3GpOJmc5WzYWW56nyyAn2Ua
        BK1NrQw20KhgoFyPZIE8qPJGz2oLvHvE+v7q8thLzxwgGDnKLshNvg46+ahyOE9MzelhEgK9sQzdwdhDaR9qZVvP
        skui4PSQLxC5sSxIclmd1CdV5Ee+GrI5KQBn5qx/QWy9sr+v47EKz6z0uvp2USGwZ7VPEANa84xPv58tisYne2zn
        DVutcuUO97uRUon7kfMWRb77HXuiP7/0tpeUwfiswx5USePPj6wEuvZ1tz3fz3HocVTeF6O3HbEXjp/y2mKrHNv3
        Rfq1445wZmycE7OcIfPlyxxnz4RzSSTD3aecZ/Nl3TznoGgFabRgDT022Rpf7gowr7+yPVYWUet+jccnr9a4+YB7
        EHbbDYggGkm2vyZE9YpYA3wYu5ZxkCLrXI2Cd2pTkGPpdxCgeoRFoSOux/3kYm9rx2chqZuhKv8lpiDdX8fiU3XH
        TIWBdWF8ieiy0HxtpTkgUSS0aK1psRlhtZkgmKQneCZCAN3orNgF4aYvKSFuKyjn7gJjPFFGzBAK4yUBJj4Dfpn5
        QNr4cFepc/x1wGQkATMRs1p3jd5xEUJoW5Bd0b7WuAvUp7dzixcwQijPsLMLtpDj4I5oM0n0wCvSw7CMihHOEX/B
        QDSH7IIi5OvCVcJnmCse6SO9/Hl3aFb0CI9Nwn/QJevG3Ch3es9B2qCwOU/5BKeqsC2LaWb4sp0JYDLzcQfaU7Tx
        9v0kx+HwBPKQ5Qm/S0NZmItDUOlCeEv2QRdAt4j5TzOkUMdftT3mOKQqz+reykOYgw7JcPyQSVb4SWxpkNklHPdE
        bDM25ERSk7TPzpfUVDfTSS4l6l8z03lGh80uAiLkflECPyTsoVlINFiWkYFk85fzmn6HmdKDrLvWdXldD3kLzSfJ
        8LXvjR4kPdlFtItlvd3uKzWwul1/9Pjsomac+6mJ47bPdUvO4YlneSqwQKvmc72nSgUPav76fiRglzFOUAeMKd7M
        RDHyM4vxJYVq/tFlwB61N+hoOQJc4lcG/9hAldD0oL1rGc9qIXrV91ii667o9drGwULcaCYY8v1MwS7b+Kmdjjul
        43ZKDqeH+litBNH+em6pzrinCuM1v3O4q8qvrSr3VWGcV5PlzirdplRu91ZpflC5ubtSkLhDfv1VmlfEPO6wREvc
        XZsG/Zn5SPGmayo5dzE29FN1zWP1dVqAhr/qGzP/Sch5XbtVU1PnPdu8WQjHdI/H6f3Z0uZbE57G3rHV+PjSAfpG
        7/p+amO47Rvffczv/NbDLrALX2WfjXVBqeDaXaN/Dltn+8t6Qk0kcbgqfn4iWo6RypSIiWeJ35UUf7SYSWzvp1/U
        xxH3i/oaGk9yghEax+N8gYJpKRVh+stjvaS2lDyTXnUbSnPMl3WWkpr85KcZ+fMP
        """
}
