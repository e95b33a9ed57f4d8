import Foundation
import HRMFiles
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// One request and its answer, taken piece by piece by the thread that asks for it.
///
/// Redirects are not followed: whoever asks decides where the token may go.
final class HTTPExchange {
    /// What the answer says before its body.
    struct Head {
        var status: Int
        private let response: HTTPURLResponse

        fileprivate init(_ response: HTTPURLResponse) {
            status = response.statusCode
            self.response = response
        }

        /// The value of a header, whatever the case of its name.
        func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
    }

    /// The connection failed.
    struct Failure: Error {
        var reason: String
    }

    /// Status and headers.
    let head: Head
    private let session: URLSession
    private let events: EventQueue
    private let timeout: Double

    /// Sends a request and waits for the answer to begin.
    ///
    /// - Throws: ``Failure`` when there is no answer.
    init(_ request: URLRequest, timeout: Double) throws(Failure) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = timeout
        configuration.urlCache = nil
        configuration.httpShouldSetCookies = false
        let events = EventQueue()
        let session = URLSession(configuration: configuration, delegate: events, delegateQueue: nil)
        session.dataTask(with: request).resume()
        switch events.next(within: timeout) {
        case .head(let response):
            head = Head(response)
            self.session = session
            self.events = events
            self.timeout = timeout
        case .piece, .end(nil):
            session.invalidateAndCancel()
            throw Failure(reason: "the answer is not HTTP")
        case .end(let reason?):
            session.invalidateAndCancel()
            throw Failure(reason: reason)
        }
    }

    /// The next bytes of the body, or nil at its end.
    ///
    /// - Throws: ``Failure`` when the connection ends before the body does.
    func nextPiece() throws(Failure) -> Data? {
        switch events.next(within: timeout) {
        case .piece(let data): return data
        case .end(let reason?): throw Failure(reason: reason)
        case .end(nil), .head: return nil
        }
    }

    /// Ends the exchange; what has not come yet is not wanted.
    func close() {
        session.invalidateAndCancel()
    }
}

/// What happens to a request, from the session's thread to the one that waits for it.
private final class EventQueue: NSObject, URLSessionDataDelegate, Sendable {
    enum Event: Sendable {
        case head(HTTPURLResponse)
        case piece(Data)
        /// With the reason, if it came too early.
        case end(String?)
    }

    private let events = Mutex<[Event]>([])
    private let arrival = DispatchSemaphore(value: 0)

    /// Waits for the next event; silence for so many seconds is an end, too.
    func next(within seconds: Double) -> Event {
        guard arrival.wait(timeout: .now() + seconds) == .success else {
            return .end("nothing has come for \(Int(seconds)) s")
        }
        return events.withLock { $0.isEmpty ? .end(nil) : $0.removeFirst() }
    }

    private func add(_ event: Event) {
        events.withLock { $0.append(event) }
        arrival.signal()
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask,
        willPerformHTTPRedirection response: HTTPURLResponse, newRequest request: URLRequest,
        completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        if let response = response as? HTTPURLResponse { add(.head(response)) }
        completionHandler(.allow)
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        add(.piece(data))
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
    ) {
        add(.end(error.map { FileProblem($0).reason }))
    }
}
