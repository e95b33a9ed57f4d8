internal import CHRMKernels

/// Features of single symbols beside their mean over all symbols: with it, one weight for all symbols
/// can tell a symbol from the others, and whichever way the symbols are named, the result is the same.
public enum SymbolPooling {
    /// `output[r·C + s] = [input[r, s] | mean over s of input[r, s]]`, where `input[r, s]` are the `d`
    /// features of symbol `s`.
    ///
    /// - Parameters:
    ///   - input: Shape `[rows, C·d]`.
    ///   - symbols: `C`.
    ///   - output: Shape `[rows·C, 2·d]`, the precision of `input`; overwritten. Not `input`.
    public static func forward(_ input: Matrix, symbols: Int, into output: Matrix) {
        let width = input.width(of: symbols)
        output.require(
            "the pooled symbols", rows: input.rows * symbols, columns: 2 * width, input.precision)
        unsafe KernelPath.active.kernels.pool_symbols(
            input.precision.code, input.rows, symbols, width, input.view, output.view)
    }

    /// `dInput = addend +` what comes back from both halves of the gradient of the output.
    ///
    /// - Parameters:
    ///   - dOutput: Shape `[rows·C, 2·d]`.
    ///   - addend: Shape `[rows, C·d]`.
    ///   - symbols: `C`.
    ///   - dInput: Shape `[rows, C·d]`; overwritten, may be `addend`.
    public static func backward(
        _ dOutput: Matrix, adding addend: Matrix, symbols: Int, into dInput: Matrix
    ) {
        let width = dInput.width(of: symbols)
        addend.require("the addend", rows: dInput.rows, columns: dInput.columns, dInput.precision)
        dOutput.require(
            "the pooled symbols' gradient", rows: dInput.rows * symbols, columns: 2 * width,
            dInput.precision)
        unsafe KernelPath.active.kernels.pool_symbols_backward(
            dInput.precision.code, dInput.rows, symbols, width, dOutput.view, addend.view,
            dInput.view)
    }
}

extension Matrix {
    /// Features of one of some symbols that share a row.
    fileprivate func width(of symbols: Int) -> Int {
        precondition(
            symbols >= 1 && columns.isMultiple(of: symbols),
            "\(symbols) symbols in rows of \(shapeDescription)")
        return columns / symbols
    }
}
