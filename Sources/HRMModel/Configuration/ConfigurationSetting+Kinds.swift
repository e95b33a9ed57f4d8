extension ConfigurationSetting {
    package typealias Path<Value> = any WritableKeyPath<Root, Value> & Sendable

    package static func setting<Value>(
        _ key: String, _ path: Path<Value>, _ meaning: String, expects expectation: String,
        acceptsNull: Bool = false, fallback: Value? = nil, isFixed: Bool = false,
        inSweeps reason: String? = nil, scalar: @escaping @Sendable (Value) -> ConfigurationScalar,
        parse: @escaping @Sendable (String) -> Value?,
        brokenRule: @escaping @Sendable (Value) -> String? = { _ in nil }
    ) -> Self {
        Self(
            key: key, meaning: meaning, expectation: expectation, acceptsNull: acceptsNull,
            fallback: fallback.map { scalar($0).text }, property: { path },
            read: { scalar($0[keyPath: path]) },
            write: { configuration, text in
                guard let value = parse(text) else { return false }
                configuration[keyPath: path] = value
                return true
            },
            brokenRule: { brokenRule($0[keyPath: path]) },
            isFixed: isFixed || key.hasPrefix("arch."), reasonNotInSweeps: reason)
    }

    package static func integer(
        _ key: String, _ path: Path<Int>, _ meaning: String, in range: ClosedRange<Int>? = nil,
        fallback: Int? = nil, isFixed: Bool = false, inSweeps reason: String? = nil
    ) -> Self {
        setting(
            key, path, meaning, expects: "a whole number", fallback: fallback, isFixed: isFixed,
            inSweeps: reason, scalar: ConfigurationScalar.integer, parse: { Int($0) },
            brokenRule: { value in
                range.flatMap {
                    $0.contains(value)
                        ? nil : "must be between \($0.lowerBound) and \($0.upperBound)"
                }
            })
    }

    package static func unsigned(
        _ key: String, _ path: Path<UInt64>, _ meaning: String, fallback: UInt64? = nil,
        isFixed: Bool = false, inSweeps reason: String? = nil
    ) -> Self {
        setting(
            key, path, meaning, expects: "a whole number from 0 to \(UInt64.max)",
            fallback: fallback, isFixed: isFixed, inSweeps: reason,
            scalar: ConfigurationScalar.unsigned, parse: { UInt64($0) })
    }

    package static func optionalInteger(
        _ key: String, _ path: Path<Int?>, _ meaning: String, in range: ClosedRange<Int>? = nil,
        inSweeps reason: String? = nil
    ) -> Self {
        setting(
            key, path, meaning, expects: "a whole number or null", acceptsNull: true,
            fallback: .some(nil), inSweeps: reason,
            scalar: { $0.map(ConfigurationScalar.integer) ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : Int($0).map { .some($0) } },
            brokenRule: { value in
                guard let range, let value, !range.contains(value) else { return nil }
                return "must be null or between \(range.lowerBound) and \(range.upperBound)"
            })
    }

    package static func number(
        _ key: String, _ path: Path<Double>, _ meaning: String, in bounds: NumberBounds? = nil,
        fallback: Double? = nil, isFixed: Bool = false
    ) -> Self {
        setting(
            key, path, meaning, expects: "a number", fallback: fallback, isFixed: isFixed,
            scalar: ConfigurationScalar.number, parse: decimal,
            brokenRule: { value in
                bounds.flatMap { $0.contains(value) ? nil : "must be \($0.words)" }
            })
    }

    package static func optionalNumber(
        _ key: String, _ path: Path<Double?>, _ meaning: String, in bounds: NumberBounds? = nil
    ) -> Self {
        setting(
            key, path, meaning, expects: "a number or null", acceptsNull: true,
            fallback: .some(nil), scalar: { $0.map(ConfigurationScalar.number) ?? .null },
            parse: { isWrittenNull($0) ? .some(nil) : decimal($0).map { .some($0) } },
            brokenRule: { value in
                guard let bounds, let value, !bounds.contains(value) else { return nil }
                return "must be null, or \(bounds.words)"
            })
    }

    package static func flag(
        _ key: String, _ path: Path<Bool>, _ meaning: String, fallback: Bool? = nil,
        isFixed: Bool = false
    ) -> Self {
        setting(
            key, path, meaning, expects: "true or false", fallback: fallback, isFixed: isFixed,
            scalar: ConfigurationScalar.flag, parse: { Bool($0.lowercased()) })
    }

    package static func text(
        _ key: String, _ path: Path<String>, _ meaning: String, inSweeps reason: String? = nil
    ) -> Self {
        setting(
            key, path, meaning, expects: "a text", inSweeps: reason,
            scalar: ConfigurationScalar.text, parse: { $0 })
    }

    package static func optionalText(
        _ key: String, _ path: Path<String?>, _ meaning: String, isFixed: Bool = false
    ) -> Self {
        setting(
            key, path, meaning, expects: "a file, a run folder or null", acceptsNull: true,
            fallback: .some(nil), isFixed: isFixed,
            scalar: { $0.map(ConfigurationScalar.text) ?? .null },
            // An empty value, which an unset variable produces, is a mistake rather than a request
            // for new weights.
            parse: { isWrittenNull($0) ? .some(nil) : $0.isEmpty ? nil : .some($0) })
    }

    package static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: Path<Value>, _ meaning: String, fallback: Value? = nil,
        synonyms: [String: Value] = [:], isFixed: Bool = false
    ) -> Self {
        setting(
            key, path, meaning,
            expects: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: fallback, isFixed: isFixed, scalar: { .text($0.rawValue) },
            parse: { Value(rawValue: $0) ?? synonyms[$0] })
    }

    /// A comma-separated list of names in the given order; `none` for an empty list.
    package static func list<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ key: String, _ path: Path<[Value]>, _ meaning: String
    ) -> Self {
        setting(
            key, path, meaning,
            expects: "none, or some of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
            fallback: [],
            scalar: { .text($0.isEmpty ? "none" : $0.map(\.rawValue).joined(separator: ",")) },
            parse: { text in
                if text == "none" { return [] }
                let names = text.split(separator: ",", omittingEmptySubsequences: false)
                let values = names.compactMap { Value(rawValue: String($0)) }
                return values.count == names.count ? values : nil
            })
    }

    /// A key that names one of the reference's classes; the reference requires it, and any other
    /// value describes a different model.
    package static func constant(_ key: String, _ value: String, _ meaning: String) -> Self {
        Self(
            key: key, meaning: meaning, expectation: value, fallback: value, property: nil,
            read: { _ in .text(value) }, write: { $1 == value }, isFixed: true)
    }

    /// True if YAML reads the text as null.
    package static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// True if a text means null and is not empty: an empty value is usually a mistake.
    package static func isWrittenNull(_ text: String) -> Bool { !text.isEmpty && isNull(text) }

    /// Parses a finite decimal number; `Double.init` would also accept hexadecimal and `nan`.
    @Sendable private static func decimal(_ text: String) -> Double? {
        guard text.allSatisfy({ "+-.0123456789eE".contains($0) }), let value = Double(text),
            value.isFinite
        else { return nil }
        return value
    }
}
