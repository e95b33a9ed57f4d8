import Foundation
import HRMFiles
import HRMModel

/// The architecture of a model in the metadata of its file: a JSON object with the reference's
/// keys.
///
/// Files of earlier versions, and checkpoints of the reference, contain it only as the `arch`
/// section of a YAML configuration, of which ``BlockMapping`` reads what this package and PyYAML
/// write.
enum ArchitectureRecord {
    /// The maximum size of a configuration in bytes.
    static let largestSize = 1 << 20

    /// The prefix of the architecture's keys in a configuration.
    private static let section = "arch."

    /// Keys of the reference that do not affect inference.
    private static let irrelevant = ["act_enabled", "act_inference"]

    /// Returns the architecture as JSON.
    static func json(_ architecture: HRMConfiguration) throws -> String {
        var values: [String: JSONScalar] = [:]
        for setting in HRMConfiguration.settings {
            values[name(of: setting)] = JSONScalar(setting.read(architecture))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(values), as: UTF8.self)
    }

    /// Reads an architecture from JSON.
    ///
    /// - Parameters:
    ///   - text: The object.
    ///   - path: The file's name, for messages.
    /// - Returns: The architecture.
    /// - Throws: ``CheckpointError/unusableMetadata(path:reason:)``.
    static func architecture(
        json text: String, path: String
    ) throws(CheckpointError) -> HRMConfiguration {
        let values: [String: JSONScalar]
        do throws(JSONProblem) {
            values = try JSONText.decode([String: JSONScalar].self, from: Array(text.utf8))
        } catch {
            throw .unusableMetadata(
                path: path,
                reason: "its metadata 'hrm.architecture' are not usable: \(error.explanation())")
        }
        return try architecture(values.mapValues(\.text), path: path)
    }

    /// Reads an architecture from the `arch` section of a YAML configuration.
    ///
    /// - Parameters:
    ///   - text: The configuration.
    ///   - path: The file's name, for messages.
    /// - Returns: The architecture.
    /// - Throws: ``CheckpointError/unusableMetadata(path:reason:)``.
    static func architecture(
        yaml text: String, path: String
    ) throws(CheckpointError) -> HRMConfiguration {
        let values: [String: String]
        do throws(BlockMapping.Problem) {
            values = try BlockMapping.values(of: text)
        } catch {
            throw .unusableMetadata(
                path: path,
                reason: "its configuration is not usable: \(error.reason); 'hrm convert' reads "
                    + "all of YAML and writes a file that is complete")
        }
        var own: [String: String] = [:]
        for (key, value) in values where key.hasPrefix(section) {
            own[String(key.dropFirst(section.count))] = value
        }
        guard !own.isEmpty else {
            throw .unusableMetadata(
                path: path, reason: "its configuration has no section 'arch' with the model")
        }
        return try architecture(own, path: path)
    }

    /// Assigns all settings; missing keys have the values of the family's reference.
    private static func architecture(
        _ values: [String: String], path: String
    ) throws(CheckpointError) -> HRMConfiguration {
        func unusable(_ reason: String) -> CheckpointError {
            .unusableMetadata(path: path, reason: reason)
        }
        var result = HRMConfiguration()
        let known = Set(HRMConfiguration.settings.map(name) + irrelevant)
        if let foreign = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw unusable("\(section)\(foreign.shown) is not known here")
        }
        // The value of a missing key can depend on the family and on other keys.
        for depends in [false, true] {
            for setting in HRMConfiguration.settings where setting.dependsOnFamily == depends {
                let given = values[name(of: setting)]
                guard let text = given ?? setting.value(missingIn: result) else {
                    throw unusable("the key \(setting.key) is missing")
                }
                guard setting.write(&result, text) else {
                    throw unusable(
                        "\(setting.key) is '\(text.prefix(80).description.shown)', which is not "
                            + setting.expectation)
                }
            }
        }
        do throws(ConfigurationError) {
            try result.validate()
        } catch {
            throw unusable("\(error)")
        }
        return result
    }

    private static func name(of setting: ConfigurationSetting<HRMConfiguration>) -> String {
        String(setting.key.dropFirst(section.count))
    }
}

/// The value of a key.
private enum JSONScalar: Codable {
    case null
    case flag(Bool)
    case integer(Int)
    case number(Double)
    case text(String)

    init(_ value: ConfigurationScalar) {
        self =
            switch value {
            case .null: .null
            case .flag(let value): .flag(value)
            case .integer(let value): .integer(value)
            case .number(let value): .number(value)
            case .unsigned, .text, .texts: .text(value.text)
            }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .flag(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .text(let value): try container.encode(value)
        }
    }

    /// The value in command-line syntax.
    var text: String {
        switch self {
        case .null: "null"
        case .flag(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let value): value
        }
    }
}
