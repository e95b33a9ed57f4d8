import HRMFigures
import Testing

@Suite struct NumberTextTests {
    @Test(arguments: [
        (2.345, 1, "2.3"), (2.35, 1, "2.4"), (-0.04, 1, "0.0"), (-0.06, 1, "-0.1"), (7, 0, "7"),
        (0.999, 2, "1.00"), (12.0005, 3, "12.001"), (1e18, 2, "1e+18"), (.nan, 2, "–"),
        (-.infinity, 0, "–"), (0, 9, "0.000000000"),
    ])
    func fixed(_ value: Double, _ digits: Int, _ expected: String) {
        #expect(NumberText.fixed(value, digits: digits) == expected)
    }

    @Test(arguments: [
        (1.23456, "1.235"), (12.3456, "12.35"), (1234.56, "1235"), (123456.7, "123457"),
        (0.5, "0.5000"), (0.012345, "0.01235"), (0.0000012, "0.000001"), (0, "0.000000"),
        (-3.14159, "-3.142"), (.infinity, "–"),
    ])
    func significant(_ value: Double, _ expected: String) {
        #expect(NumberText.significant(value) == expected)
    }

    @Test(arguments: [
        (0.4561, "45.6 %"), (0, "0.0 %"), (1, "100.0 %"), (0.99999, "99.9 %"), (1e-9, "0.1 %"),
        (.nan, "–"), (1.5, "150.0 %"),
    ])
    func percent(_ fraction: Double, _ expected: String) {
        #expect(NumberText.percent(fraction) == expected)
    }

    @Test(arguments: [
        (0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (45.2, "45 s"), (59.7, "1 min 00 s"),
        (125, "2 min 05 s"), (3599.6, "1 h 00 min"), (3720, "1 h 02 min"),
        (86_399, "1 d 00 h"), (273_600, "3 d 04 h"), (1e30, "more than 999 d"), (-1, "–"),
        (.infinity, "–"),
    ])
    func duration(_ seconds: Double, _ expected: String) {
        #expect(NumberText.duration(seconds: seconds) == expected)
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (27_275_266, "27,275,266"), (-123_456, "-123,456"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func grouped(_ count: Int, _ expected: String) {
        #expect(NumberText.grouped(count) == expected)
    }

    @Test(arguments: [
        (0, "0"), (1, "1.00e0"), (12_345, "1.23e4"), (-2e-7, "-2.00e-7"), (9.999e14, "1.00e15"),
        (9.994e14, "9.99e14"), (.nan, "–"), (.infinity, "–"), (1e300, "1.00e300"),
    ])
    func powersOfTenAreWritten(value: Double, text: String) {
        #expect(NumberText.scientific(value) == text)
    }

    @Test func mantissasCanBeWhole() {
        #expect(NumberText.scientific(96, digits: 0) == "1e2")
        #expect(NumberText.scientific(94, digits: 0) == "9e1")
    }
}
