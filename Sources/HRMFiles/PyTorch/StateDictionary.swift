/// The reason the weights were not found in a pickle.
struct StateDictionaryProblem: Error, Equatable {
    package var reason: String
    /// The keys to choose from, if a choice would help.
    var keys: [String] = []
}

/// The dictionary of named tensors in a pickle.
///
/// A state dictionary may be saved alone, or under a key beside the step, the optimizer's state and
/// an average of the weights. Dictionaries are searched to a depth of three; the result is, in this
/// order, the requested one, the one under a usual name, the top-level one, or the only one.
struct StateDictionary {
    /// The keys that lead to it from the top level, separated by dots; nil for the top level.
    private(set) var path: String?
    /// Its tensors, in the order of the file.
    private(set) var tensors: [(name: String, tensor: PickleHeap.Tensor)] = []
    /// Skipped keys whose values are not weights, each with the kind of its value.
    private(set) var skipped: [String] = []
    /// Paths of the other candidate dictionaries.
    private(set) var others: [String] = []

    private static let usualNames = [
        "model", "state_dict", "model_state_dict", "module", "net", "network", "weights", "params",
    ]
    private static let deepest = 3

    fileprivate struct Candidate {
        var path: [String]
        var dictionary: Int
        var text: String { path.joined(separator: ".") }
    }

    /// Finds the state dictionary.
    ///
    /// - Parameters:
    ///   - result: The result of the pickle.
    ///   - heap: The heap that the result refers to.
    ///   - wanted: The path of the requested dictionary, or an unambiguous part of it, such as
    ///     `ema`.
    /// - Throws: ``StateDictionaryProblem``.
    init(
        _ result: PickleValue, in heap: PickleHeap, wanted: String? = nil
    ) throws(StateDictionaryProblem) {
        guard case .dictionary(let root) = result else {
            throw StateDictionaryProblem(reason: "it holds \(result.kind)")
        }
        let candidates = Self.candidates(root, in: heap)
        let isEmpty = heap.dictionaries[root].pairs.isEmpty
        let chosen = try Self.chosen(
            from: candidates, wanted: wanted,
            empty: isEmpty ? Candidate(path: [], dictionary: root) : nil)
        path = chosen.path.isEmpty ? nil : chosen.text.shown
        others = candidates.filter { $0.dictionary != chosen.dictionary && !$0.path.isEmpty }
            .map(\.text.shown)
        try take(chosen.dictionary, in: heap)
        if let first = chosen.path.first {
            skipped += Self.kinds(heap.dictionaries[root].pairs.filter { $0.key != first })
        }
    }

    /// Returns all dictionaries that contain a tensor, outer ones first.
    private static func candidates(_ root: Int, in heap: PickleHeap) -> [Candidate] {
        let most = 1000
        var result: [Candidate] = []
        var seen: Set<Int> = [root]
        var level = [Candidate(path: [], dictionary: root)]
        for depth in 0...deepest {
            var next: [Candidate] = []
            for candidate in level {
                let pairs = heap.dictionaries[candidate.dictionary].pairs
                let hasTensor = pairs.contains { pair in
                    if case .tensor = pair.value { true } else { false }
                }
                if hasTensor { result.append(candidate) }
                guard depth < deepest else { continue }
                for (key, value) in pairs {
                    // A dictionary may occur in several places, or in itself.
                    guard case .dictionary(let inner) = value, seen.count < most,
                        seen.insert(inner).inserted
                    else { continue }
                    next.append(Candidate(path: candidate.path + [key], dictionary: inner))
                }
            }
            level = next
        }
        return result
    }

    private static func chosen(
        from candidates: [Candidate], wanted: String?, empty: Candidate?
    ) throws(StateDictionaryProblem) -> Candidate {
        let keys = candidates.filter { !$0.path.isEmpty }.map(\.text.shown)
        if let wanted {
            if let exact = candidates.first(where: { $0.text == wanted }) { return exact }
            let like = candidates.filter { $0.text.lowercased().contains(wanted.lowercased()) }
            if like.count == 1, let only = like.first { return only }
            throw StateDictionaryProblem(
                reason: like.isEmpty
                    ? "it has no dictionary of tensors under '\(wanted)'"
                    : "'\(wanted)' fits several of its dictionaries", keys: keys)
        }
        for name in usualNames {
            let below = candidates.filter { $0.path.first == name }
            // A state dictionary may be wrapped twice.
            if let exact = below.first(where: { $0.path.count == 1 }) ?? below.onlyElement {
                return exact
            }
        }
        if let whole = candidates.first, whole.path.isEmpty { return whole }
        // An empty dictionary of a model is accepted; missing tensors are reported later.
        if let empty { return empty }
        let plausible = candidates.filter { !$0.isBeside }
        guard let only = plausible.onlyElement else {
            throw StateDictionaryProblem(
                reason: keys.isEmpty
                    ? "there is no named tensor in it"
                    : "it has several dictionaries of tensors, none under a usual name",
                keys: keys)
        }
        return only
    }

    private mutating func take(_ dictionary: Int, in heap: PickleHeap)
        throws(StateDictionaryProblem)
    {
        var seen: Set<String> = []
        var others: [(key: String, value: PickleValue)] = []
        for (name, value) in heap.dictionaries[dictionary].pairs {
            guard case .tensor(let tensor) = value else {
                others.append((name, value))
                continue
            }
            guard seen.insert(name).inserted else {
                throw StateDictionaryProblem(reason: "the name '\(name.shown)' occurs twice in it")
            }
            tensors.append((name, heap.tensors[tensor]))
        }
        skipped = Self.kinds(others)
    }

    private static func kinds(_ pairs: [(key: String, value: PickleValue)]) -> [String] {
        pairs.map { "'\($0.key.shown)' (\($0.value.kind))" }
    }
}

extension StateDictionary.Candidate {
    /// True if the name indicates something other than the model's weights.
    fileprivate var isBeside: Bool {
        let words = ["optim", "sched", "ema", "average", "scaler", "rng", "swa"]
        return path.contains { key in words.contains { key.lowercased().contains($0) } }
    }
}

extension Array {
    /// The element of a one-element array; otherwise nil.
    fileprivate var onlyElement: Element? { count == 1 ? first : nil }
}
