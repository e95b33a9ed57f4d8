import Foundation
import Testing

@testable import HRMAccelerator

/// Wheels, whole and damaged.
@Suite struct PluginWheelTests {
    /// A wheel that Python's `zipfile` wrote, compressed: `plugin/plugin.so` with the numbers 0 to
    /// 1,999, `plugin/small.so`, and two texts in `plugin-1.dist-info`.
    static let wheel = Data(base64Encoded: text, options: .ignoreUnknownCharacters) ?? Data()
    static let library = Data((0..<2000).map { "\($0)" }.joined(separator: " ").utf8)

    private func unpack(_ bytes: Data, _ check: (URL) throws -> Void) throws {
        let files = FileManager.default
        let folder = files.temporaryDirectory
            .appendingPathComponent("hrm-wheel-\(UUID().uuidString)")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? files.removeItem(at: folder) }
        let file = folder.appendingPathComponent("plugin.whl")
        try bytes.write(to: file)
        let target = folder.appendingPathComponent("plugin-1")
        do {
            try PluginInstaller.unpack(file, named: "plugin.whl", to: target)
        } catch {
            // Nothing is left behind but the wheel.
            #expect(try files.contentsOfDirectory(atPath: folder.path) == ["plugin.whl"])
            throw error
        }
        try check(target)
    }

    @Test func thePluginAndItsTextsAreUnpacked() throws {
        try unpack(Self.wheel) { folder in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            #expect(names == ["LICENSE", "METADATA", "plugin.so"])
            let library = folder.appendingPathComponent("plugin.so")
            #expect(try Data(contentsOf: library) == Self.library)
        }
    }

    @Test func pathsThatLeadOutAreRefused() throws {
        // The same length, so that the table stays valid.
        for path in ["../ugin/plugin.so", "/lugin/plugin.so", "plugin/../../n.so"] {
            var bytes = Self.wheel
            let old = Data("plugin/plugin.so".utf8)
            let new = Data(path.utf8.prefix(16))
            while let range = bytes.range(of: old) { bytes.replaceSubrange(range, with: new) }
            #expect(throws: InstallError.self) { try unpack(bytes) { _ in } }
        }
    }

    @Test func survivesMutation() throws {
        let count = ProcessInfo.processInfo.environment["HRM_MUTATIONS"].flatMap(Int.init) ?? 100
        var state: UInt64 = 3
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for round in 0..<count {
            var bytes = Self.wheel
            if round % 5 == 0 {
                bytes = bytes.prefix(next(bytes.count))
            } else {
                for _ in 0...(round % 3) { bytes[next(bytes.count)] = UInt8(next(256)) }
            }
            do {
                try unpack(bytes) { folder in
                    let library = folder.appendingPathComponent("plugin.so")
                    guard FileManager.default.fileExists(atPath: library.path) else { return }
                    let content = try Data(contentsOf: library)
                    #expect(content == Self.library)
                }
            } catch is InstallError {
            }
        }
    }

    @Test(.enabled(if: network != nil, "HRM_TEST_INDEX names no package index"))
    func theIndexHasWheelsForTheOtherDevices() throws {
        let installer = PluginInstaller(
            settings: try IndexSettings(#require(Self.network)),
            folder: URL(fileURLWithPath: "/nowhere"))
        for (device, package) in PluginPackage.known {
            do {
                let choice = try installer.choice(of: package)
                #expect(choice.wheel.hasSuffix(".whl") && choice.file.sha256 != nil, "\(device)")
            } catch InstallError.noWheel {
                // Not for this kind of processor.
            }
        }
    }

    static let network = ProcessInfo.processInfo.environment["HRM_TEST_INDEX"]

    private static let text = """
        UEsDBBQAAAAIAAAAIQA7ifaLCAAAAAYAAAASAAAAcGx1Z2luL19faW5pdF9fLnB5q1CwVTDkAgBQSwMEFAAAAAgA
        AAAhABPqRXUHAAAABQAAAA8AAABwbHVnaW4vc21hbGwuc28rzk3MyQEAUEsDBBQAAAAIAAAAIQAiiAyMZhAAALki
        AAAQAAAAcGx1Z2luL3BsdWdpbi5zbyXa2YEDKxDF0FQ6BMRO/on5qvyP34I83dTB7ePr3/jmt779ne9+76N98NE/
        xsf8WB/743zcj/f19vV8pn99fH1+fX19f/18/X79faN9g2/kHzm+Mb+xvrG/cb5xv/G+2b7JN/s382+c31zf3N88
        37zffN9q3+Jb/VvjW/kPWt/a3zrfut96327f5tv92+Pb89v5793fPt++337fad/hO/074zvzO+s7+d8537nfed9t
        3+W7/bvju/O767v7u/m/vd9932vf43v9e+N783vre/t753vZDHcj29GyHy0b0rIjLVvSsictm9KyKy3b0rKuti3r
        3Dh3zq1z79w8d8/ty/6RDaS7v1mXPSSbSHaRbCPZR7KRZCfJVpK9ZBgi67KdZD/JhpIdJVtK9pRsKtlVsq1Mi2Vd
        dpZsLdlbsrlkd8n2kv0lG0x2mGXarMsmk10m20z2mWw02Wmy1WSvyWaz/Q5kXfabbDjZcbLlZM/JppNdJ9tO9p3j
        lyXrsvVk78nmk90n20/2nwQgBUgCrt+qrEsFkoF0ICFICZKCtCAxSA2eXz+/f/kCpkdPj54ePT16evT06OnR06On
        R8cvatalR0+Pnh49PXp69PTo6dH9PvuFrm901vmd9kvtt9qvtd9rv9jp0dOjp0cffvWzLj16evT06OnR06OnR0+P
        nh49Pfr0byTr0qOnR0+Pnh49PXp69PTo6dHToy//mLIuPXp69PTo6dHTo6dHT4+eHj09+vavLuvSo6dHT4+eHj09
        enr09Ojp0dOjH/88sy49enr09Ojp0dOjp0dPj54ePT369e8469Kjp0dPj54ePT16evT06OnR06M//+D9i8+ffHqM
        9BjpMdJjpMdIj5EeIz1Gegx8NGRdeoz0GOkx0mOkx0iPkR4jPUZ6jO4zJOvSY6THSI+RHiM9RnoMnzQ+anzW1MMm
        63zc+LzxgeMTx0dOeoz0GOkx0mNMn0pZlx4jPUZ6jPQY6THSY6THSI+RHmP5+Mq69BjpMdJjpMdIj5EeIz1Geoz0
        GNvnXNalx0iPkR4jPUZ6jPQY6THSY6THOD4Qsy49RnqM9BjpMdJjpMdIj5EeIz3G9cmZdekx0mOkx0iPkR4jPUZ6
        jPQY6TGej1ifsXnIpsdMj5keMz1mesz0mOkx02Omx8SHcdalx0yPmR4zPWZ6zPSY6THTY6bH7D61sy49ZnrM9Jjp
        MdNjpsdMj5keMz3m8PGedekx02Omx0yPmR7Td4AvAd8CvgbqPZB1vgl8Ffgu8GWQHjM9ZnrM9JjpMZcvjKxLj5ke
        Mz1mesz0mOkx02Omx0yPuX2zZF16zPSY6THTY6bHTI+ZHjM9ZnrM4yso69JjpsdMj5keMz1mesz0mOkx02Ne31VZ
        lx4zPWZ6zPSY6THTY6bHTI+ZHvP5UvOtltdaeqz0WOmx0mOlx0qPlR4rPVZ6LHz9ZV16rPRY6bHSY6XHSo+VHis9
        Vnqs7nsy69JjpcdKj5UeKz1Weqz0WOmx0mMNX6hZlx4rPVZ6rPRY6bHSY6XHSo+VHmv65s269FjpsdJjpcfy7ezr
        2fezL2jf0PWKzjpf0r6lfU2nx0qPlR4rPVZ6rPRY23d51qXHSo+VHis9Vnqs9FjpsdJjpcc6vvSzLj1Weqz0WOmx
        0mOlx0qPlR4rPdb1dJB16bHSY6XHSo+VHis9Vnqs9FjpsZ7HCM8ROUikx06PnR47PXZ67PTY6bHTY6fHxgNH1qXH
        To+dHjs9dnrs9NjpsdNjp8funkyyLj12euz02Omx02Onx06PnR47PfbwCJN16bHTY6fHTo+dHjs9dnrs9Njpsadn
        naxLj50eOz12euz02Omx02Onx06PvTwUZV167PTY6bE9N3lw8uTk0cmzk4enOj1lnecnD1DpsdNjp8dOj50eOz12
        euzjMSvr0mOnx06PnR47PXZ67PTY6bHTY1/PY1mXHjs9dnrs9NjpsdNjp8dOj50e+3lw8+SWo1t6nPQ46XHS46TH
        SY+THic9TnocPOJlXXqc9DjpcdLjpMdJj5MeJz1OepzuWTDr0uOkx0mPkx4nPU56nPQ46XHS4wwPjVmXHic9Tnqc
        9DjpcdLjpMdJj5MeZ3q6zLr0OOlx0uOkx0mPkx4nPU56nPQ4y2No1qXHSY+THic9Tnqc9DjpcdLjpMfZnlezLj1O
        ehxPtB5pPdN6qPVU67HWc20dbLPOo216nPQ46XHS46THSY+THic9zvUEnHXpcdLjpMdJj5MeJz1Oepz0OOlxnkdl
        z8o5LKfHTY+bHjc9bnrc9LjpcdPjpsfFQ3XWpcdNj5seNz1uetz0uOlx0+Omx+2evrMuPW563PS46XHT46bHTY+b
        Hjc97vCYnnXpcdPjpsdNj5seNz1uetz0uOlxp+f5rEuPmx43PW563PS46XHT46bHTY+7PPhnXXrc9LjpcdPjpsdN
        j5seNz1uetzthJB16XHT46bHTY+bHjc9bnrc9LjpcY+jRNalx3XWcNhw2nDccN5w4HDicOSomSPr0uOmx02Pmx43
        PW563PS46XHT4z6HE6eTjCfp8dLjpcdLj5ceLz1eerz0eOnxcIzJuvR46fHS46XHS4+XHi89Xnq89HjdeSfr0uOl
        x0uPlx4vPV56vPR46fHS4w0Ho6xLj5ceLz1eerz0eOnx0uOlx0uPN52gsi49Xnq89Hjp8dLjpcdLj5ceLz3ectTK
        uvR46fHS46XHS4+XHi89Xnq89HjbmSzr0uOlx0uPlx4vPV56vPR46fHS4x2Ht6xLj5ceLz1eerz0eOnx0uOlx0uP
        d53yss4p0DHQOdBB0EnQUdBZ0GHQabDGwZoHHQhrIqyRsGbCGgprKqyxsObCGgydDBs1QvoJh8PmdNgcD5vzYXNA
        bE6IzRGxOSM2h8TWa+r0E86JzUGxOSk2R8XmrNgcFpvTYnNcbM6LbdSg6iccGZszY3NobE6NzbGxOTc2B8fm5Ngc
        Hdus2dZPOD02x8fm/NgcIJsTZHOEbM6QzSGyOUW2VeOwn3CQbE6SzVGyOUs2h8nmNNkcJ5vzZHOgbLsmaD/hTNkc
        KptTZXOsbM6VzcGyOVk2R8vmbNlODd1+wvGyOV82B8zmhNkcMZszZnPIbE6ZzTGz3ZrT/YSTZnPUbM6azWGzOW02
        x83mvNkcOJsTZ3s12tds73Bv82KAcoCCgJKAooCygMKAvwb8OcBPFAiUCBQJlAkUCpQKFAvYvGCgZKBooGygcKB0
        oHigfKCAoISgiKCMoJCglKCYoJygoKCkoKigrKCwoLSguKC8oMCgxKDIoMyg0KDUoNig3KDgoOSg6KDsoPCg9KD4
        oPygAKEEoQihDKEQoRShGKEcoSChJKEooSyhMKE0oTihPKFAoUShSKFMoVChVKFYoVyhYKFkoWihbKFwoXSheKF8
        oYChhKGIoYyhkKGUoZhBZ0BoQGlAakBrQGxAbUBuQG9AcEBxQHKgl53ZXHVAdkB3QHhAeUB6oJcFFQb9NchPlAcV
        CJUIFQmVCRUK2VyGQIdAiECJQIpAi0CMQI1AjkCPQJBAkUCSQJNAlECVQJZAl0CYQJlAmkCbQJxAnUCeQJ9AoECh
        QKJAo0CkQKVApkCnQKhAqUCqQKtArECtQK5Ar0CwQLFAskCzQLRAtUC2QLdAuEC5QLpAu0C8QL1AvkC/QMBAwUDC
        QMNAxEDFQMZAx0DIQMlAykDLQMxAzUDOQM9A0EDRQNJA00DUQNVA1kDXYJSY2lzaQNtA3EDdQN5A30DgQOFA4kDj
        QORA5UDmQOdA6GCUBBYFlgX+MdBPFAeWBxYIlggWCdpc9ED1QPZA90D4QPlA+kD7QPxA/UD+QP9AAEEBQQJBA0EE
        QQVBBkEHQQhBCUEKQQtBDEENQQ5BD0EQQRFBEkETQRRBFUEWQRdBGEEZQRpBG0EcQR1BHkEfQSBBIUEiQSNBJEEl
        QSZBJ0EoQSlBKkErQSxBLUEuQS9BMEExQTJBM0E0QTVBNkE3QThBOUE6QTtBPGGWk9tcP0FAQUFBQkFDQURBRUFG
        QUdBSEFJQUpBS0FMQU1BTkFPQVBBUUFSQVNBVEFVQVZhlgMXBJcEFwX/LdhPlAYXB5cHFwjbXGJBY0FkQWVBZkFn
        QWhBaUFqQWtBbEFtQW5Bb0FwQXFBckFzQXRBdUF2QXdBeEF5QXpBe0F8QX1BfkF/QYBBgUGCQYNBhEGFQYZBh0GI
        QYlBikGLQYxBjUGOQY9BkEGRQZJBk0GUQZVBlkGXQZhBmUGaQZtBnEGdQZ5Bn0GgQaFh1e2IzUUaVBpkGnQahBqU
        GqQatBrEGtQa5Br0GgQbFBskGzQbRBtUG2QbdBuEG5QbpBu0G8Qb1BvkG/QbBBwUHCQcNBxEHFbdAtQ1QN0D1EVA
        3QT8rwL8RF0G1G1AXQfYXNBB0UHSQdNB1EHVQdZB10HYQdlB2kHbQdxB3UHeQd9B4EHhQeJB40HkQeVB5kHnQehB
        6UHqQetB7EHtQe5B70HwQfFB8kHzQfRB9UH2QfdB+EH5QfpB+0H8Qf1B/kH/QQBCAUICQgNCBEIFQgZi152YzZUg
        pCC0IMQg1CDkIPQgBCEUISQhNCFEIVQhZCF0IYQhlCGkIbQhxCHUIeQh9CEEIhQiJCI0IkQiVCJkInQihCKUIqQi
        tCLEItQi5CL0IgQjFCMkI3bdAdUlUN0C1TVQ3QPVRdD/JshP1F1QXQbZXD5CP0JAQkFCQkJDQkRCRUJGQkdCSEJJ
        QkpCS0JMQk1CTkJPQlBCUUJSQlNCVEJVQlZCV0JYQllCWkJbQlxCXUJeQl9CYEJhQmJCY0JkQmVCZkJnQmhCaUJq
        Qmvi1E2ozeUm9CYEJxQnJCc0J0QnVCdkJ3QnhCeUJ6QntCfEJ9Qn5Cf0JwQoFCgkKDQoRChUKGQodCiEKJQopCi0
        KMQo1CjkKPQoBCkUKSQpNClEKVQpZCl0KYQplCmkKbQpxCnUKeQp9CkEKk7dANYVYN0B1iVg3QLWNWDdA/4vAv1E
        XQXaXKxCrUKuQq9CsEKxQrJCs0K0QrVCtkK3QrhCuUK6QrtCvEK9Qr5Cv0LAQsFCwkLDQsRCxULGQsdCyELJQspC
        y0LMQs1CzkLPQtDi1v23zTUtRC1ULWQtdC2ELZQtpC20LcQt1C3kLfQtBC4ULiQuNC5ELlQuZC50LoQulC6kLrQu
        xC7ULuQu9C4ELxQvJC80L0QvVC9kL3QvhC+UL6QvtC/EL9Qv5C/0LwQwFDAkMDQwRDBUMGQwdDCEMJQwpDC0MMQw
        1DDkMG7d/9YFcN0A1xVw3QHXJXDdAtc18P8e2E/YXBpDG0McQx1DHkMfQyBDIUMiQyNDJEMlQyZDJ0MoQylDKkMr
        QyxDLUMuQy9DMEMxQzJDM0M0QzXj1a8ebC6coZwhnaGdIZ6hniGfoZ8hoKGgIaGhoSGioaIho6GjIaShpCGloaUh
        pqGmIaehpyGooaghqaGpIaqhqiGroashrKGsIa2hrSGuoa4hr6GvIbChsCGxobEhsqGyIbOhsyG0obQhtaG1Ibah
        tiG3obchuKG4IbmhuSG6obohu6G7IbyhvCG9ob0hvvHq9r+u/+v+v34AUL8AqJ8A1G8A6kcA9SuA/88A3g9QSwME
        FAAAAAgAAAAhAHgnP00PAAAADQAAABsAAABwbHVnaW4tMS5kaXN0LWluZm8vTUVUQURBVEHzS8xNtVIoyClNz8zj
        AgBQSwMEFAAAAAgAAAAhANBiJacHAAAABQAAACMAAABwbHVnaW4tMS5kaXN0LWluZm8vbGljZW5zZXMvTElDRU5T
        RUsrSk3lAgBQSwMEFAAAAAgAAAAhAAAAAAACAAAAAAAAABkAAABwbHVnaW4tMS5kaXN0LWluZm8vUkVDT1JEAwBQ
        SwECFAMUAAAACAAAACEAO4n2iwgAAAAGAAAAEgAAAAAAAAAAAAAAgAEAAAAAcGx1Z2luL19faW5pdF9fLnB5UEsB
        AhQDFAAAAAgAAAAhABPqRXUHAAAABQAAAA8AAAAAAAAAAAAAAIABOAAAAHBsdWdpbi9zbWFsbC5zb1BLAQIUAxQA
        AAAIAAAAIQAiiAyMZhAAALkiAAAQAAAAAAAAAAAAAACAAWwAAABwbHVnaW4vcGx1Z2luLnNvUEsBAhQDFAAAAAgA
        AAAhAHgnP00PAAAADQAAABsAAAAAAAAAAAAAAIABABEAAHBsdWdpbi0xLmRpc3QtaW5mby9NRVRBREFUQVBLAQIU
        AxQAAAAIAAAAIQDQYiWnBwAAAAUAAAAjAAAAAAAAAAAAAACAAUgRAABwbHVnaW4tMS5kaXN0LWluZm8vbGljZW5z
        ZXMvTElDRU5TRVBLAQIUAxQAAAAIAAAAIQAAAAAAAgAAAAAAAAAZAAAAAAAAAAAAAACAAZARAABwbHVnaW4tMS5k
        aXN0LWluZm8vUkVDT1JEUEsFBgAAAAAGAAYAnAEAAMkRAAAAAA==
        """
}
