import Testing

@testable import HRMFigures

@Suite struct RasterImageTests {
    private static let white = RGBColor(0xFFFFFF)
    private static let black = RGBColor(0)

    /// Returns the darkness of each pixel, 0 through 1.
    private func darkness(_ image: RasterImage) -> [Double] {
        stride(from: 0, to: image.samples.count, by: 3).map {
            1 - Double(image.samples[$0]) / 255
        }
    }

    @Test func linesCoverTheirArea() {
        // The total coverage is about length times width, in every direction.
        for (end, width) in [
            ((50.0, 10.0), 2.0), ((50, 50), 2), ((10, 50), 3), ((50, 23), 1.5), ((12, 50), 2),
        ] {
            var image = RasterImage(width: 60, height: 60, color: Self.white)
            image.stroke(
                [.init(x: 10, y: 10), .init(x: end.0, y: end.1)], width: width, Self.black)
            let length = ((end.0 - 10) * (end.0 - 10) + (end.1 - 10) * (end.1 - 10)).squareRoot()
            let area = length * width + width * width * 0.785
            let covered = darkness(image).reduce(0, +)
            #expect(abs(covered - area) < 0.06 * area, "\(end): \(covered) of \(area)")
        }
    }

    @Test func crossingsAreNotDarker() {
        let there = [LineChart.Point(x: 5, y: 5), .init(x: 25, y: 13.3)]
        var once = RasterImage(width: 30, height: 20, color: Self.white)
        once.stroke(there, width: 1.75, Self.black)
        var twice = RasterImage(width: 30, height: 20, color: Self.white)
        twice.stroke(there + there.reversed(), width: 1.75, Self.black)
        #expect(once == twice)
    }

    @Test func directionsAreAlike() {
        var noise = DeflateTests.Noise(state: 12)
        for _ in 0..<50 {
            let points = (0..<2).map { _ in
                LineChart.Point(
                    x: Double.random(in: 0...40, using: &noise),
                    y: Double.random(in: 0...40, using: &noise))
            }
            var image = RasterImage(width: 40, height: 40, color: Self.white)
            image.stroke(points, width: 2, Self.black)
            var turned = RasterImage(width: 40, height: 40, color: Self.white)
            turned.stroke(points.map { .init(x: $0.y, y: $0.x) }, width: 2, Self.black)
            for y in 0..<40 {
                for x in 0..<40 {
                    let (a, b) = (image.color(x: x, y: y), turned.color(x: y, y: x))
                    #expect(abs(Int(a.red) - Int(b.red)) <= 1)
                }
            }
        }
    }

    @Test func whatIsOutsideIsLeftOut() {
        var image = RasterImage(width: 8, height: 8, color: Self.white)
        image.stroke([.init(x: -50, y: -9), .init(x: -3, y: 50)], width: 4, Self.black)
        image.fill(x: -5, y: 9, width: 3, height: 40, Self.black)
        #expect(image == RasterImage(width: 8, height: 8, color: Self.white))
        image.stroke([.init(x: -50, y: 4), .init(x: 50, y: 4)], width: 2, Self.black)
        #expect((0..<8).allSatisfy { image.color(x: $0, y: 3) == Self.black })
        #expect((0..<8).allSatisfy { image.color(x: $0, y: 6) == Self.white })
    }

    @Test func dashesAreAsLongAsAsked() {
        let line = [LineChart.Point(x: 0, y: 0), .init(x: 7, y: 0), .init(x: 7, y: 93)]
        let pieces = DashedLine(on: 9, off: 5).pieces(of: line)
        func length(_ points: [LineChart.Point]) -> Double {
            zip(points, points.dropFirst()).reduce(0) {
                $0 + abs($1.0.x - $1.1.x) + abs($1.0.y - $1.1.y)
            }
        }
        #expect(pieces.map(length).dropLast().allSatisfy { abs($0 - 9) < 1e-9 })
        #expect(pieces.count == 8 && abs((pieces.last.map(length) ?? 0) - 2) < 1e-9)
        #expect(pieces[0].map(\.x) == [0, 7, 7] && pieces[1][0] == .init(x: 7, y: 7))
        #expect(DashedLine(on: 1, off: 1).pieces(of: []).isEmpty)
        #expect(DashedLine(on: 1, off: 1).pieces(of: [.init(x: 3, y: 3)]).isEmpty)
    }
}
