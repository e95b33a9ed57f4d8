/// The instructions of the pickle format, protocols 2 to 5, that a file of tensors, numbers, texts and
/// collections of them needs.
///
/// All others are refused, whatever they would do.
enum PickleOpcode: UInt8 {
    /// The version of the format follows.
    case proto = 0x80
    /// The length of the next instructions follows.
    case frame = 0x95
    /// The end; what is on top is the result.
    case stop = 0x2E
    /// Remembers how high the stack is.
    case mark = 0x28
    /// Forgets the top of the stack, or everything above the mark, or pushes the top again.
    case pop = 0x30
    case popMark = 0x31
    case duplicate = 0x32
    case none = 0x4E
    case newTrue = 0x88
    case newFalse = 0x89
    /// Integers of 4 bytes with sign, 1 byte, 2 bytes, and of any length, least byte first.
    case binInt = 0x4A
    case binInt1 = 0x4B
    case binInt2 = 0x4D
    case long1 = 0x8A
    case long4 = 0x8B
    /// A binary64 number, most significant byte first.
    case binFloat = 0x47
    /// Texts, their lengths in 4, 1 or 8 bytes in front of them.
    case binUnicode = 0x58
    case shortBinUnicode = 0x8C
    case binUnicode8 = 0x8D
    /// Bytes, their lengths in 4, 1 or 8 bytes in front of them; those that may be changed.
    case binBytes = 0x42
    case shortBinBytes = 0x43
    case binBytes8 = 0x8E
    case byteArray8 = 0x96
    case emptyTuple = 0x29
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    /// A tuple of all above the mark.
    case tuple = 0x74
    case emptyList = 0x5D
    /// A list of all above the mark.
    case list = 0x6C
    /// Puts the top, or all above the mark, into the list below.
    case append = 0x61
    case appends = 0x65
    case emptySet = 0x8F
    /// Puts all above the mark into the set below, or makes a set of it.
    case addItems = 0x90
    case frozenSet = 0x91
    case emptyDictionary = 0x7D
    /// A dictionary of all pairs above the mark.
    case dictionary = 0x64
    /// Puts a key and a value, or all pairs above the mark, into the dictionary below them.
    case setItem = 0x73
    case setItems = 0x75
    /// Remember the top of the stack under a number or the next number, and push what is remembered.
    case binPut = 0x71
    case longBinPut = 0x72
    case memoize = 0x94
    case binGet = 0x68
    case longBinGet = 0x6A
    /// The name of a module and of something in it: a line each, or two texts on the stack.
    case global = 0x63
    case stackGlobal = 0x93
    /// Calls what lies below with the tuple on top.
    case reduce = 0x52
    /// Makes an object of the class below with the tuple on top, or the tuple and the dictionary.
    case newObject = 0x81
    case newObjectWithNames = 0x92
    /// Gives attributes to what lies below.
    case build = 0x62
    /// Something outside of the pickle, here a storage, described by the tuple on top.
    case binPersistentID = 0x51
}
