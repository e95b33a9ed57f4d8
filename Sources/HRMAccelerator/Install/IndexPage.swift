import Foundation
import HRMFiles

/// A file that an index offers.
struct IndexFile: Hashable, Sendable {
    var name: String
    var url: URL
    /// 64 hexadecimal digits; nil if the index does not tell.
    var sha256: String?
    var byteCount: Int?
    var isYanked: Bool
}

/// The page of one package in a simple index (packaging.python.org), JSON or HTML.
enum IndexPage {
    /// The largest page that is read.
    static let limit = 32 << 20

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - isJSON: True for JSON, false for HTML.
    ///   - url: The page's URL, to which links are relative.
    /// - Returns: The files.
    /// - Throws: ``InstallError/index(url:reason:)``.
    static func files(
        _ bytes: [UInt8], isJSON: Bool, url: URL
    ) throws(InstallError) -> [IndexFile] {
        guard isJSON else {
            return anchors(String(decoding: bytes, as: UTF8.self)).compactMap {
                file($0, base: url)
            }
        }
        let page: Page
        do {
            page = try JSONText.decode(Page.self, from: bytes)
        } catch {
            throw .index(url: url.absoluteString, reason: "\(error)")
        }
        return page.files.compactMap { entry in
            guard let target = URL(string: entry.url, relativeTo: url)?.absoluteURL else {
                return nil
            }
            return IndexFile(
                name: entry.filename, url: target,
                sha256: entry.hashes?["sha256"].flatMap(Self.digest), byteCount: entry.size,
                isYanked: entry.yanked?.isYanked ?? false)
        }
    }

    private struct Page: Decodable {
        var files: [Entry]
    }

    private struct Entry: Decodable {
        var filename: String
        var url: String
        var hashes: [String: String]?
        var size: Int?
        var yanked: Yanked?
    }

    /// False, true or the reason.
    private struct Yanked: Decodable {
        var isYanked: Bool

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            isYanked = (try? container.decode(Bool.self)) ?? true
        }
    }

    private static func digest(_ text: String) -> String? {
        let digits = text.lowercased()
        let isHexadecimal = digits.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
        }
        return isHexadecimal && digits.utf8.count == 64 ? digits : nil
    }

    /// The attributes of the tags `a` of a page, with entities decoded.
    private static func anchors(_ text: String) -> [[String: String]] {
        text.matches(of: /<a\s([^<>]*)>/.ignoresCase()).map { match in
            var attributes: [String: String] = [:]
            let pattern = /([A-Za-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'))?/
            for attribute in match.1.matches(of: pattern) {
                let value = attribute.2 ?? attribute.3 ?? ""
                attributes[attribute.1.lowercased()] = decoded(value)
            }
            return attributes
        }
    }

    private static func decoded(_ text: Substring) -> String {
        String(text).replacing("&lt;", with: "<").replacing("&gt;", with: ">")
            .replacing("&quot;", with: "\"").replacing("&#x27;", with: "'")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }

    private static func file(_ attributes: [String: String], base: URL) -> IndexFile? {
        guard let link = attributes["href"],
            let whole = URL(string: link, relativeTo: base)?.absoluteURL,
            var parts = URLComponents(url: whole, resolvingAgainstBaseURL: true)
        else { return nil }
        let fragment = parts.fragment ?? ""
        parts.fragment = nil
        guard let url = parts.url else { return nil }
        let prefix = "sha256="
        return IndexFile(
            name: url.lastPathComponent, url: url,
            sha256: fragment.hasPrefix(prefix)
                ? digest(String(fragment.dropFirst(prefix.count))) : nil,
            byteCount: nil, isYanked: attributes["data-yanked"] != nil)
    }
}
