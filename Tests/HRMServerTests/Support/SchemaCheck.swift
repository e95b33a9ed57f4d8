import HRMFiles

/// A check of values against those keywords of JSON Schema that the description uses; any other
/// keyword is a problem.
struct SchemaCheck {
    /// The document that contains the referenced schemas.
    let document: JSONValue

    /// Returns what is wrong with a value, one sentence for each problem.
    func problems(of value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        guard case .object(let keywords) = schema else { return ["\(place): there is no schema"] }
        return keywords.sorted { $0.key < $1.key }.flatMap { keyword, rule in
            problems(of: value, keyword, rule, in: schema, at: place)
        }
    }

    private func problems(
        of value: JSONValue, _ keyword: String, _ rule: JSONValue, in schema: JSONValue,
        at place: String
    ) -> [String] {
        func unless(_ isRight: Bool?, _ what: String) -> [String] {
            isRight == true ? [] : ["\(place): \(what)"]
        }
        switch keyword {
        case "description": return []
        case "$ref":
            guard let target = rule.text.flatMap(resolved) else {
                return ["\(place): the reference \(rule) leads nowhere"]
            }
            return problems(of: value, target, at: place)
        case "type":
            let types = rule.list?.compactMap(\.text) ?? [rule.text].compactMap(\.self)
            return unless(types.contains { Self.has(value, $0) }, "it is not \(types)")
        case "enum": return unless(rule.list?.contains(value), "it is none of \(rule)")
        case "oneOf":
            let matches = rule.list?.count { problems(of: value, $0, at: place).isEmpty }
            return unless(matches == 1, "\(matches ?? 0) alternatives fit")
        case "required", "properties", "additionalProperties":
            guard case .object(let members) = value else { return [] }
            return problems(of: members, keyword, rule, in: schema, at: place)
        case "items", "minItems", "maxItems":
            guard case .list(let values) = value else { return [] }
            return problems(of: values, keyword, rule, at: place)
        case "maxLength", "pattern":
            guard case .text(let text) = value else { return [] }
            if keyword == "maxLength" {
                return unless(rule.integer.map { text.count <= $0 }, "it is too long")
            }
            let pattern = rule.text.flatMap { try? Regex($0) }
            return unless(pattern.map { text.firstMatch(of: $0) != nil }, "it does not fit")
        case "minimum", "maximum", "exclusiveMinimum":
            guard let number = value.double else { return [] }
            guard let bound = rule.double else { return ["\(place): \(keyword) is no number"] }
            let isRight =
                switch keyword {
                case "minimum": number >= bound
                case "maximum": number <= bound
                default: number > bound
                }
            return unless(isRight, "\(number) exceeds the \(keyword) \(bound)")
        default: return ["\(place): the keyword \(keyword) is unknown"]
        }
    }

    private func problems(
        of members: [String: JSONValue], _ keyword: String, _ rule: JSONValue,
        in schema: JSONValue, at place: String
    ) -> [String] {
        switch (keyword, rule) {
        case ("required", .list(let names)):
            return names.compactMap(\.text).filter { members[$0] == nil }.map {
                "\(place): \($0) is missing"
            }
        case ("properties", .object(let properties)):
            return properties.sorted { $0.key < $1.key }.flatMap { name, schema in
                members[name].map { problems(of: $0, schema, at: "\(place).\(name)") } ?? []
            }
        case ("additionalProperties", _):
            var named: Set<String> = []
            if case .object(let properties)? = schema["properties"] {
                named = Set(properties.keys)
            }
            let others = members.filter { !named.contains($0.key) }.sorted { $0.key < $1.key }
            if rule == .flag(true) { return [] }
            if rule == .flag(false) { return others.map { "\(place): \($0.key) is not described" } }
            return others.flatMap { problems(of: $0.value, rule, at: "\(place).\($0.key)") }
        default: return ["\(place): \(keyword) has another form"]
        }
    }

    private func problems(
        of values: [JSONValue], _ keyword: String, _ rule: JSONValue, at place: String
    ) -> [String] {
        switch keyword {
        case "items":
            return values.enumerated().flatMap {
                problems(of: $0.element, rule, at: "\(place)[\($0.offset)]")
            }
        case "minItems":
            return rule.integer.map { values.count >= $0 } == true
                ? [] : ["\(place): it has only \(values.count) elements"]
        default:
            return rule.integer.map { values.count <= $0 } == true
                ? [] : ["\(place): it has \(values.count) elements"]
        }
    }

    /// Returns the schema of a reference; nil if there is none.
    func resolved(_ reference: String) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        return reference.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) {
            $0?[String($1)]
        }
    }

    private static func has(_ value: JSONValue, _ type: String) -> Bool {
        switch (value, type) {
        case (.null, "null"), (.flag, "boolean"), (.text, "string"), (.list, "array"),
            (.object, "object"), (.integer, "integer"), (.unsigned, "integer"),
            (.integer, "number"), (.unsigned, "number"), (.number, "number"):
            true
        default: false
        }
    }
}
