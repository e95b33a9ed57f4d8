/// The instructions of the pickle format, protocol 2, that a file of named tensors needs.
///
/// All others are refused, whatever they would do.
enum PickleOpcode: UInt8 {
    /// The version of the format follows.
    case proto = 0x80
    /// The end; what is on top is the result.
    case stop = 0x2E
    /// Remembers how high the stack is.
    case mark = 0x28
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    /// Integers of 4 bytes with sign, 1 byte, 2 bytes, and of any length, least byte first.
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    /// A text, its length in 4 bytes in front of it.
    case binUnicode = 0x58
    case emptyTuple = 0x29
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    /// A tuple of all above the mark.
    case tuple = 0x74
    case emptyDictionary = 0x7D
    /// Puts a key and a value, or all pairs above the mark, into the dictionary below them.
    case setItem = 0x73
    case setItems = 0x75
    /// Remember the top of the stack under a number, and push what is remembered.
    case binPut = 0x71
    case longBinPut = 0x72
    case binGet = 0x68
    case longBinGet = 0x6A
    /// The name of a module and of something in it, a line each.
    case global = 0x63
    /// Calls what lies below with the tuple on top.
    case reduce = 0x52
    /// Gives attributes to what lies below.
    case build = 0x62
    /// Something outside of the pickle, here a storage, described by the tuple on top.
    case binPersistentID = 0x51
}
