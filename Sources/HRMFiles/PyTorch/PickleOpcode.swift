/// The supported instructions of the pickle format, protocols 2 to 5: those needed for tensors,
/// numbers, texts and collections.
///
/// All others are refused.
package enum PickleOpcode: UInt8 {
    /// The version of the format follows.
    case proto = 0x80
    /// The length of the next instructions follows.
    case frame = 0x95
    /// The end; the top of the stack is the result.
    case stop = 0x2E
    /// Marks the current height of the stack.
    case mark = 0x28
    /// Discards the top of the stack; discards everything above the mark; duplicates the top.
    case pop = 0x30
    case popMark = 0x31
    case duplicate = 0x32
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    /// Integers of 4 bytes (signed), 1 byte, 2 bytes, and of any length, in little-endian order.
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case long4 = 0x8B
    /// A big-endian binary64 number.
    case binFloat = 0x47
    /// Texts, preceded by their lengths in 4, 1 or 8 bytes.
    case binUnicode = 0x58
    case shortBinUnicode = 0x8C
    case binUnicode8 = 0x8D
    /// Bytes, preceded by their lengths in 4, 1 or 8 bytes; mutable bytes.
    case binBytes = 0x42
    case shortBinBytes = 0x43
    case binBytes8 = 0x8E
    case byteArray8 = 0x96
    case emptyTuple = 0x29
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    /// A tuple of all values above the mark.
    case tuple = 0x74
    case emptyList = 0x5D
    /// A list of all values above the mark.
    case list = 0x6C
    /// Appends the top, or all values above the mark, to the list below.
    case append = 0x61
    case appends = 0x65
    case emptySet = 0x8F
    /// Adds all values above the mark to the set below; creates a frozen set of them.
    case addItems = 0x90
    case frozenSet = 0x91
    case emptyDictionary = 0x7D
    /// A dictionary of all pairs above the mark.
    case dictionary = 0x64
    /// Adds a key and a value, or all pairs above the mark, to the dictionary below.
    case setItem = 0x73
    case setItems = 0x75
    /// Stores the top of the stack under a number or the next free number; pushes a stored value.
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case binGet = 0x68
    case longBinGet = 0x6A
    /// A qualified name, given as two lines or as two texts on the stack.
    case global = 0x63
    case stackGlobal = 0x93
    /// Calls the function below with the tuple on top.
    case reduce = 0x52
    /// Creates an instance of the class below with the tuple, or the tuple and the dictionary, on
    /// top.
    case newObject = 0x81
    case newObjectWithNames = 0x92
    /// Sets attributes of the object below.
    case build = 0x62
    /// An object outside the pickle, here a storage, described by the tuple on top.
    case binPersistentID = 0x51
}
