/// A type-erased random number generator with an unchanged stream.
///
/// Code with many draws uses this type: the compiler cannot specialize it for a generator from
/// another module, and unspecialized shuffling is ten times slower.
struct ErasedGenerator: RandomNumberGenerator {
    private let draw: () -> UInt64

    func next() -> UInt64 { draw() }

    /// Calls `body` with a type-erased generator and writes its state back.
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
