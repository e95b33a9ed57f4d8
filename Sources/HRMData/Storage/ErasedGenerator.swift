/// Any generator behind one concrete type, with the same stream.
///
/// Code that draws a lot takes this type: the compiler cannot specialise it for a generator from
/// another module, and unspecialised shuffling is ten times slower.
struct ErasedGenerator: RandomNumberGenerator {
    private let draw: () -> UInt64

    func next() -> UInt64 { draw() }

    /// Lends a generator to `body`.
    static func erasing<Result, Failure: Error>(
        _ generator: inout some RandomNumberGenerator,
        _ body: (inout ErasedGenerator) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withoutActuallyEscaping({ generator.next() }) { draw throws(Failure) in
            var erased = ErasedGenerator(draw: draw)
            return try body(&erased)
        }
    }
}
