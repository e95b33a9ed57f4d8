/// The bounds of a request and of a connection.
struct HTTPLimits: Sendable {
    /// The largest number of bytes of a request's line and headers.
    var headBytes = 16 << 10
    /// The largest number of headers.
    var headerCount = 100
    /// The largest number of bytes of a body.
    var bodyBytes = 1 << 20
    /// The time from the first byte of a request to its last one, in seconds.
    var requestSeconds = 15.0
    /// The time between two requests of a connection in seconds.
    var idleSeconds = 60.0
    /// The time in which a client must accept some bytes of an answer, in seconds.
    var writeSeconds = 15.0
    /// The largest number of connections at the same time.
    var connections = 1024
    /// The time that requests in progress get when the server ends, in seconds.
    var stopSeconds = 3.0
}
