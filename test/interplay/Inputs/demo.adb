-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
with Ada.Text_IO;
procedure Demo is
   Total : Integer := 0;
   function Leaf (X : Integer) return Integer is (X + 1);
   procedure Add (X : Integer) is
   begin
      Total := Total + Leaf (X);
   end Add;
   function Check (X : Positive) return Integer is
   begin
      return Leaf (X);
   end Check;
   task type Worker;
   task body Worker is
   begin
      null;
   end Worker;
begin
   for I in 1 .. 30 loop
      Add (I);
   end loop;
   declare
      W : Worker;
      V : Integer := 0;
   begin
      V := Check (Total - 700);
      Total := Total + V;
   exception
      when Constraint_Error => Total := -1;
   end;
   Ada.Text_IO.Put_Line (Integer'Image (Total));
end Demo;
