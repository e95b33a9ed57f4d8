internal import CHRMKernels

/// Lists of table rows, one list per sum.
struct RowLists: Sendable, Hashable {
    /// The smallest possible number of rows of the table.
    let tableRows: Int
    private var first: [UInt32] = [0]
    private var numbers: [UInt32] = []

    /// - Precondition: Every number is the index of a row.
    init(_ lists: some Sequence<[Int]>, tableRows: Int) {
        self.tableRows = tableRows
        for list in lists {
            precondition(
                list.allSatisfy { (0..<tableRows).contains($0) },
                "rows \(list) of a table of \(tableRows)")
            numbers += list.map(UInt32.init)
            first.append(UInt32(numbers.count))
        }
    }

    /// The number of sums.
    var count: Int { first.count - 1 }

    /// The transposed lists: for each row of the table, the sums that include it.
    var transposed: RowLists {
        var lists = [[Int]](repeating: [], count: tableRows)
        for sum in 0..<count {
            for number in numbers[Int(first[sum])..<Int(first[sum + 1])] {
                lists[Int(number)].append(sum)
            }
        }
        return RowLists(lists, tableRows: count)
    }

    /// Calls `body` with the kernels' representation of the sums from `start` on over rows of
    /// `table`.
    func withView(of table: Matrix, from start: Int = 0, _ body: (hrm_row_sums) -> Void) {
        precondition(
            table.rows >= tableRows && (0...count).contains(start),
            "sums from \(start) of \(count), over \(tableRows) rows of \(table.shapeDescription)")
        unsafe first.withUnsafeBufferPointer { first in
            unsafe numbers.withUnsafeBufferPointer { numbers in
                unsafe body(
                    hrm_row_sums(
                        table: table.view, first: first.baseAddress.map { unsafe $0 + start },
                        numbers: numbers.baseAddress))
            }
        }
    }
}

/// Sums of a table's rows, to be added to the rows of a product.
package struct RowSums: Sendable {
    let table: Matrix
    let lists: RowLists
    /// The index of the sum for the product's first row.
    let start: Int

    /// Returns the sums for the product's rows from `row` on.
    package func from(_ row: Int) -> RowSums {
        RowSums(table: table, lists: lists, start: start + row)
    }

    /// Traps unless there is a sum for each row of a product.
    func requireFit(rows: Int, columns: Int, _ precision: Precision) {
        table.require("the table of the sums", rows: table.rows, columns: columns, precision)
        precondition(
            start >= 0 && start + rows <= lists.count,
            "\(rows) rows from sum \(start) of \(lists.count)")
    }
}

extension RowSums? {
    /// Calls `body` with the kernels' representation, which is empty for nil.
    func withView(_ body: (hrm_row_sums) -> Void) {
        guard let sums = self else {
            unsafe body(hrm_row_sums(table: .none, first: nil, numbers: nil))
            return
        }
        unsafe sums.lists.withView(of: sums.table, from: sums.start, body)
    }
}
