package import HRMTensor

/// The largest part of a message, in bytes; longer ones are sent in parts.
private let largestPart = 1 << 24

extension Communicator {
    /// Waits until a transfer is done.
    ///
    /// - Parameters:
    ///   - transfer: The transfer.
    ///   - peer: The other process, for messages.
    ///   - isLimited: False to wait as long as the process lives.
    package func wait(for transfer: any Transfer, with peer: Int, isLimited: Bool = true) {
        var pause = Pause()
        while !transfer.isDone {
            pause.rest()
            if isLimited, pause.seconds > longestWait {
                abort(.late(rank: peer, seconds: longestWait))
            }
        }
    }

    /// Sends bytes and waits until the buffer can be reused.
    func send(_ bytes: UnsafeRawBufferPointer, to peer: Int) {
        for first in stride(from: 0, to: bytes.count, by: largestPart) {
            let part = first..<min(first + largestPart, bytes.count)
            let transfer = unsafe startSend(UnsafeRawBufferPointer(rebasing: bytes[part]), to: peer)
            wait(for: transfer, with: peer)
        }
    }

    /// Receives exactly as many bytes as a buffer has.
    func receive(
        into bytes: UnsafeMutableRawBufferPointer, from peer: Int, isLimited: Bool = true
    ) {
        for first in stride(from: 0, to: bytes.count, by: largestPart) {
            let part = first..<min(first + largestPart, bytes.count)
            let transfer = unsafe startReceive(
                UnsafeMutableRawBufferPointer(rebasing: bytes[part]), from: peer)
            wait(for: transfer, with: peer, isLimited: isLimited)
        }
    }

    /// Sends the elements of a matrix without gaps between its rows.
    package func send(_ matrix: Matrix, to peer: Int) {
        unsafe send(UnsafeRawBufferPointer(matrix.memory), to: peer)
    }

    /// Receives the elements of a matrix without gaps between its rows.
    package func receive(into matrix: Matrix, from peer: Int) {
        unsafe receive(into: matrix.memory, from: peer)
    }

    /// Sends a message of any length.
    package func send(_ message: [UInt8], to peer: Int) {
        unsafe withUnsafeBytes(of: Int64(message.count).littleEndian) { unsafe send($0, to: peer) }
        unsafe message.withUnsafeBytes { unsafe send($0, to: peer) }
    }

    /// Receives a message of any length.
    ///
    /// - Parameters:
    ///   - peer: The sender.
    ///   - isLimited: False to wait as long as the process lives.
    /// - Returns: The message.
    package func receiveMessage(from peer: Int, isLimited: Bool = true) -> [UInt8] {
        var count: Int64 = 0
        unsafe withUnsafeMutableBytes(of: &count) {
            unsafe receive(into: $0, from: peer, isLimited: isLimited)
        }
        count = Int64(littleEndian: count)
        guard (0...Self.longestMessage).contains(count) else {
            abort(.malformed(rank: peer, reason: "its length is \(count) bytes"))
        }
        var message = [UInt8](repeating: 0, count: Int(count))
        unsafe message.withUnsafeMutableBytes { unsafe receive(into: $0, from: peer) }
        return message
    }

    /// The longest message in bytes.
    private static var longestMessage: Int64 { 1 << 36 }

    /// Sends a matrix of process 0 to all others; each passes it on to the next.
    package func broadcast(_ matrix: Matrix) {
        let part = 1 << 20
        let bytes = unsafe matrix.memory
        var sent: [any Transfer] = []
        for first in stride(from: 0, to: bytes.count, by: part) {
            let piece = unsafe UnsafeMutableRawBufferPointer(
                rebasing: bytes[first..<min(first + part, bytes.count)])
            if rank > 0 { unsafe receive(into: piece, from: rank - 1) }
            guard rank + 1 < size else { continue }
            sent.append(unsafe startSend(UnsafeRawBufferPointer(piece), to: rank + 1))
            if sent.count >= 4 { wait(for: sent.removeFirst(), with: rank + 1) }
        }
        for transfer in sent { wait(for: transfer, with: rank + 1) }
    }
}
