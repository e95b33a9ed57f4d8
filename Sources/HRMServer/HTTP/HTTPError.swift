import HRMFiles

/// A request that failed: what the problem is, where it is, and how to mend it.
struct HTTPError: Error, Equatable {
    /// The status of the answer.
    var status: HTTPStatus
    /// The problem in one clause.
    var what: String
    /// A member of the body, a header, or a part of the request.
    var place: String
    /// The remedy.
    var remedy: String
    /// The time after which to try again, in seconds; nil if that would not help.
    var retryAfter: Int?
    /// True if the connection cannot be used for another request.
    var endsConnection = false

    /// Creates an error.
    init(
        _ status: HTTPStatus, _ what: String, at place: String, remedy: String,
        retryAfter: Int? = nil, endsConnection: Bool = false
    ) {
        self.status = status
        self.what = what
        self.place = place
        self.remedy = remedy
        self.retryAfter = retryAfter
        self.endsConnection = endsConnection
    }

    /// Creates an error from the sentence of a library's error, whose remedy follows a semicolon.
    init(
        _ status: HTTPStatus, _ error: any Error, at place: String, remedy: String = "correct it"
    ) {
        let sentence = "\(error)"
        let end = sentence.firstRange(of: "; ")
        self.init(
            status, end.map { String(sentence[..<$0.lowerBound]) } ?? sentence, at: place,
            remedy: end.map { String(sentence[$0.upperBound...]) } ?? remedy)
    }

    /// The members of the answer.
    var members: JSONValue {
        .object(["error": details])
    }

    /// What the answer says about the error.
    var details: JSONValue {
        .object(["what": .text(what), "where": .text(place), "remedy": .text(remedy)])
    }
}

extension HTTPError: CustomStringConvertible {
    /// The problem and its remedy in one sentence.
    var description: String { "\(what); \(remedy)" }
}
