@echo off
rem Drop files onto this: it says what is wrong with them. It changes nothing, keeps nothing and sends nothing.
"%~dp0counted.exe" check %*
echo.
pause
