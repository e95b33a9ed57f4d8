extension ThinkingTrace.Update: Codable {
    private enum CodingKeys: String, CodingKey {
        case loop, cycle, number, change
    }

    /// Decodes an update whose object also contains the keys of its reading.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        loop = try members.decode(ThinkingTrace.Loop.self, forKey: .loop)
        cycle = try members.decode(Int.self, forKey: .cycle)
        number = try members.decode(Int.self, forKey: .number)
        change = try members.decode(Double.self, forKey: .change)
        reading = try ThinkingTrace.Reading(from: decoder)
    }

    /// Encodes an update into an object that also contains the keys of its reading.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(loop, forKey: .loop)
        try members.encode(cycle, forKey: .cycle)
        try members.encode(number, forKey: .number)
        try members.encode(change, forKey: .change)
        try reading.encode(to: encoder)
    }
}

extension ThinkingTrace.Step: Codable {
    private enum CodingKeys: String, CodingKey {
        case step, updates, event
        case highChange = "high_change"
        case lowChange = "low_change"
    }

    /// Decodes a step whose object also contains the keys of its reading.
    ///
    /// - Throws: `DecodingError`.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        step = try members.decode(Int.self, forKey: .step)
        highChange = try members.decode(Double.self, forKey: .highChange)
        lowChange = try members.decodeIfPresent(Double.self, forKey: .lowChange)
        updates = try members.decode([ThinkingTrace.Update].self, forKey: .updates)
        event = try members.decodeIfPresent(SearchEvent.self, forKey: .event)
        reading = try ThinkingTrace.Reading(from: decoder)
    }

    /// Encodes a step into an object that also contains the keys of its reading.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(step, forKey: .step)
        try members.encode(highChange, forKey: .highChange)
        try members.encodeIfPresent(lowChange, forKey: .lowChange)
        try members.encode(updates, forKey: .updates)
        try members.encodeIfPresent(event, forKey: .event)
        try reading.encode(to: encoder)
    }
}
