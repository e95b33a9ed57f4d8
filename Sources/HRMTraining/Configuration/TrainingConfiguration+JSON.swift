package import HRMFiles
import HRMModel

extension TrainingConfiguration {
    /// The keys of the configuration file with their values, in its order.
    package var members: [(key: String, value: JSONValue)] {
        Self.settings.map { setting in
            let scalar = setting.read(self)
            let value: JSONValue =
                switch scalar {
                case .null: .null
                case .flag(let value): .flag(value)
                case .integer(let value): .integer(value)
                case .unsigned(let value): .text(String(value))
                case .number(let value): .number(value)
                case .text(let value): .text(value)
                case .texts: .text(scalar.text)
                }
            return (setting.key, value)
        }
    }
}
