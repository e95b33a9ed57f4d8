import HRMModel

extension ConfigurationSetting {
    static func curriculum<Value>(
        _ key: String, _ path: Path<Curriculum<Value>?>, _ meaning: String, of name: String,
        like example: String
    ) -> Self {
        setting(
            key, path, meaning,
            expects: "null or stages of growing shares, share:\(name), such as \(example)",
            acceptsNull: true, fallback: .some(nil),
            scalar: { $0.map { .text($0.text) } ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : Curriculum($0).map { .some($0) } })
    }
}
