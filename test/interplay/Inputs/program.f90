! SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
! Module and internal procedures, recursion, an array result, a procedure argument.
module procedures
  implicit none
  integer, volatile :: sink = 0
contains
  function leaf(x) result(r)
    integer, intent(in) :: x
    integer :: r
    r = x + sink
  end function
  recursive function fact(n) result(r)
    integer, intent(in) :: n
    integer :: r
    r = 1
    if (n > 1) r = n * fact(n - 1) + leaf(0)
  end function
  function twice(a) result(r)
    real, intent(in) :: a(:)
    real :: r(size(a))
    r = a * 2 + leaf(0)
  end function
  subroutine apply(f, x)
    interface
      function f(y) result(r)
        integer, intent(in) :: y
        integer :: r
      end function
    end interface
    integer, intent(inout) :: x
    x = f(x)
  end subroutine
  subroutine step(x)
    integer, intent(inout) :: x
    sink = 0
    call apply(leaf, x)
    sink = 1
    call apply(fact, x)
  end subroutine
end module

program main
  use procedures
  implicit none
  integer :: i, total
  total = 0
  do i = 1, 8
    total = total + inner(i) + fact(mod(i, 5))
  end do
  i = 4
  call step(i)
  print *, total, i, sum(twice([1.0, 2.0, 3.0]))
contains
  integer function inner(x)
    integer, intent(in) :: x
    inner = x * leaf(x) + total
  end function
end program
