package import Foundation
import HRMFiles
import Synchronization

#if canImport(FoundationNetworking)
    package import FoundationNetworking
#endif

/// One request and its response, read in chunks by the requesting thread.
///
/// Redirects are not followed, so that the caller can decide which servers receive the token.
package final class HTTPExchange {
    /// The status and headers of the response.
    package struct Head {
        package var status: Int
        private let response: HTTPURLResponse

        fileprivate init(_ response: HTTPURLResponse) {
            status = response.statusCode
            self.response = response
        }

        /// The value of a header; names are matched without regard to case.
        package func header(_ name: String) -> String? { response.value(forHTTPHeaderField: name) }
    }

    /// A failed connection.
    package struct Failure: Error {
        package var reason: String
    }

    /// The status and headers.
    package let head: Head
    private let session: URLSession
    private let events: EventQueue
    private let timeout: Double

    /// Sends a request and waits for the response to begin.
    ///
    /// - Throws: ``Failure`` if there is no response.
    package init(_ request: URLRequest, timeout: Double) throws(Failure) {
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

    /// Returns the next bytes of the body, or `nil` at its end.
    ///
    /// - Throws: ``Failure`` if the connection ends before the body does.
    package func nextPiece() throws(Failure) -> Data? {
        switch events.next(within: timeout) {
        case .piece(let data): return data
        case .end(let reason?): throw Failure(reason: reason)
        case .end(nil), .head: return nil
        }
    }

    /// Ends the exchange and discards the rest of the body.
    package func close() {
        session.invalidateAndCancel()
    }
}

/// The events of a request, passed from the session's thread to the waiting thread.
private final class EventQueue: NSObject, URLSessionDataDelegate, Sendable {
    enum Event: Sendable {
        case head(HTTPURLResponse)
        case piece(Data)
        /// The end, with the reason if it is premature.
        case end(String?)
    }

    private let events = Mutex<[Event]>([])
    private let arrival = DispatchSemaphore(value: 0)

    /// Waits for the next event; a timeout counts as an end.
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
