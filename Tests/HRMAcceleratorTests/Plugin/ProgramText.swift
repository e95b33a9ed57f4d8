/// Programs that several tests use.
enum ProgramText {
    /// The sum of two arrays.
    static let addition = """
        module @addition {
          func.func public @main(%a: tensor<2x3xf32>, %b: tensor<2x3xf32>) -> tensor<2x3xf32> {
            %0 = stablehlo.add %a, %b : tensor<2x3xf32>
            return %0 : tensor<2x3xf32>
          }
        }
        """

    /// The sum of an array over two replicas.
    static let sumOverReplicas = """
        module @sum attributes {mhlo.num_replicas = 2 : i32, mhlo.num_partitions = 1 : i32} {
          func.func public @main(%a: tensor<1000xf32>) -> tensor<1000xf32> {
            %0 = "stablehlo.all_reduce"(%a) <{
              replica_groups = dense<[[0, 1]]> : tensor<1x2xi64>
            }> ({
            ^bb0(%x: tensor<f32>, %y: tensor<f32>):
              %s = stablehlo.add %x, %y : tensor<f32>
              stablehlo.return %s : tensor<f32>
            }) : (tensor<1000xf32>) -> tensor<1000xf32>
            return %0 : tensor<1000xf32>
          }
        }
        """
}
