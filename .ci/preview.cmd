@echo off
rem Drop an assessment, or a folder of assessments, on this file: its letter shows in the browser.
"%~dp0prevent-letter.exe" preview %*
if errorlevel 1 pause
