internal import CHRMKernels

/// For each of some sums the rows of a table that it is over.
struct RowLists: Sendable, Hashable {
    /// The smallest number of rows that the table can have.
    let tableRows: Int
    private var first: [UInt32] = [0]
    private var numbers: [UInt32] = []

    /// - Precondition: Every number is that of a row.
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

    /// For each row of the table the sums that it is in: the lists of the transposed matrix.
    var transposed: RowLists {
        var lists = [[Int]](repeating: [], count: tableRows)
        for sum in 0..<count {
            for number in numbers[Int(first[sum])..<Int(first[sum + 1])] {
                lists[Int(number)].append(sum)
            }
        }
        return RowLists(lists, tableRows: count)
    }

    /// Runs `body` on the kernels' form of the sums from `start` over rows of `table`.
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
public struct RowSums: Sendable {
    let table: Matrix
    let lists: RowLists
    /// The sum for the product's first row.
    let start: Int

    /// Those for the product's rows from `row` on.
    public func from(_ row: Int) -> RowSums {
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
    /// Runs `body` on the kernels' form, of nothing where there are no sums.
    func withView(_ body: (hrm_row_sums) -> Void) {
        guard let sums = self else {
            unsafe body(hrm_row_sums(table: .none, first: nil, numbers: nil))
            return
        }
        unsafe sums.lists.withView(of: sums.table, from: sums.start, body)
    }
}
