Describe 'Errors' {
    BeforeAll {
        Import-Module $env:OMNI_TEST_MODULE
        . (Join-Path $PSScriptRoot 'Loopback.ps1')
        $server = Start-Loopback apimart
        Send-Loopback $server 'polls 1' | Out-Null
        $variable = @{ Url = $env:APIMART_BASE_URL; Key = $env:APIMART_API_KEY }
        $out = Join-Path $TestDrive 'out'

        # Runs what goes wrong with one item, or ends the command, and looks at what everybody may rely on.
        function Test-Error([string] $kind, [string] $category, [scriptblock] $script, [switch] $Terminating) {
            $Error.Clear()
            $caught = $null
            try { & $script 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } |
                ForEach-Object { $errorRecord = $_ } }
            catch { $caught = $_ }
            [bool]$caught | Should -Be ([bool]$Terminating) -Because "$caught"
            $record = $caught ?? $errorRecord
            $record | Should -Not -BeNullOrEmpty
            $record.FullyQualifiedErrorId |
                Should -Match "^Omni$kind,OmniTools\.PowerShell\.Commands\.\w+Command$" -Because "$record"
            $record.CategoryInfo.Category | Should -Be $category
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            $Error[0].Exception | Should -BeOfType [OmniTools.Errors.OmniException]
            $Error[0].Exception.Kind | Should -Be $kind
            "$record" | Should -Match 'billed' -Because 'every error says whether money was spent'
            "$record" | Should -Not -Match ([regex]::Escape($server.ApiKey))
        }
    }
    BeforeEach {
        $ErrorActionPreference = 'Continue'
        $env:OMNI_HOME = Join-Path $TestDrive ([guid]::NewGuid())
        $env:OMNI_SANDBOX = ''
        $env:OMNI_SANDBOX_SECONDS = '0.1'
        Send-Loopback $server 'forget' | Out-Null
    }
    AfterAll { Stop-Loopback $server }

    It 'reports an InvalidRequest' {
        Test-Error InvalidRequest InvalidArgument { New-OmniVideo 'a fox' -AspectRatio 4:5 }
    }

    It 'ends with an InvalidConfiguration' {
        $env:OMNI_MAX_VIDEOS_PER_DAY = 'many'
        try { Test-Error InvalidConfiguration InvalidArgument { New-OmniVideo 'a fox' } -Terminating }
        finally { $env:OMNI_MAX_VIDEOS_PER_DAY = $null }
    }

    It 'ends with an InvalidConfiguration where the sandbox is neither on nor off' {
        $env:OMNI_SANDBOX = 'yes'
        Test-Error InvalidConfiguration InvalidArgument { New-OmniVideo 'a fox' } -Terminating
        Test-Error InvalidConfiguration InvalidArgument { Get-OmniProvider } -Terminating
    }

    It 'works on after a setting that cannot be used was corrected' {
        New-OmniVideo 'a fox' | Should -Not -BeNullOrEmpty
        $env:OMNI_SANDBOX = 'yes'
        { New-OmniVideo 'a bear' } | Should -Throw -ErrorId 'OmniInvalidConfiguration,*'
        $env:OMNI_SANDBOX = ''
        New-OmniVideo 'a wolf' | Should -Not -BeNullOrEmpty
    }

    It 'takes true for a sandbox that is on' {
        $env:OMNI_SANDBOX = $true
        (New-OmniVideo 'a fox').IsSandbox | Should -BeTrue
    }

    It 'ends with an Authentication' {
        $env:APIMART_API_KEY = 'sk-another-key'
        try { Test-Error Authentication AuthenticationError { New-OmniVideo 'a fox' } -Terminating }
        finally { $env:APIMART_API_KEY = $variable.Key }
    }

    It 'tells a Permission' {
        Send-Loopback $server 'status post 403' | Out-Null
        Test-Error Permission PermissionDenied { New-OmniVideo 'a fox' }
    }

    It 'tells an InsufficientBalance' {
        Send-Loopback $server 'status post 402' | Out-Null
        Test-Error InsufficientBalance QuotaExceeded { New-OmniVideo 'a fox' }
    }

    It 'tells a ContentRejected' {
        $env:OMNI_SANDBOX = '1'
        Test-Error ContentRejected SecurityError { New-OmniVideo 'a fox [moderated]' }
    }

    It 'tells a NotFound' { Test-Error NotFound ObjectNotFound { Get-OmniVideoTask 'task_nobody' -Provider apimart } }

    It 'tells a RateLimited' {
        Send-Loopback $server 'status post 429 4' | Out-Null
        Test-Error RateLimited LimitsExceeded { New-OmniVideo 'a fox' }
    }

    It 'tells a ProviderUnavailable' {
        Send-Loopback $server 'status get 500 4' | Out-Null
        Test-Error ProviderUnavailable ConnectionError { Get-OmniVideoTask 'task_nobody' -Provider apimart }
    }

    It 'tells an OutcomeUnknown, and the next call with the key settles it' {
        Send-Loopback $server 'reset post 4' | Out-Null
        $before = (Send-Loopback $server 'creates').creates
        Test-Error OutcomeUnknown ConnectionError { New-OmniVideo 'a fox' -RequestKey doubtful }
        (New-OmniVideo 'a fox' -RequestKey doubtful).Id | Should -Not -BeNullOrEmpty
        (Send-Loopback $server 'creates').creates - $before | Should -Be 1
    }

    It 'says of a request of unknown outcome that is asked for how to settle it' {
        Send-Loopback $server 'reset post 4' | Out-Null
        # A single call: in a pipeline it would be held until it is settled.
        $null = New-OmniVideo 'a fox' -RequestKey doubtful -ErrorAction SilentlyContinue
        (Get-OmniVideoTask doubtful -WarningVariable warning 3>$null).Status | Should -Be Unknown
        "$warning" | Should -Match "may have been billed. Repeat this exact request with the request key 'doubtful'"
    }

    It 'names parameters and not the fields of the wire' {
        $images = New-OmniVideo 'a fox' -Provider toapis -Image https://example.com/a.png 2>&1
        "$images" | Should -Match 'Parameter: -Image\.'
        "$images" | Should -Not -Match 'image_urls'
        $ratio = New-OmniVideo 'a fox' -AspectRatio 4:5 2>&1
        "$ratio" | Should -Match 'Parameter: -AspectRatio\.'
        $ratio.ErrorDetails.RecommendedAction | Should -Be 'Correct -AspectRatio and submit again'
        $ratio.Exception.Message | Should -Match 'Parameter: -AspectRatio\..*Correct -AspectRatio and submit again'
        $ratio.Exception.Message | Should -Not -Match 'aspect_ratio'
        $ratio.Exception.Field | Should -Be '-AspectRatio'
        (New-OmniVideo 'a fox' -Duration 8 2>&1).ErrorDetails.RecommendedAction |
            Should -Match 'leave -Duration out|Models that can'
    }

    It 'tells a DuplicateRequest' {
        New-OmniVideo 'a fox' -RequestKey taken | Out-Null
        Test-Error DuplicateRequest ResourceExists { New-OmniVideo 'a cat' -RequestKey taken }
    }

    It 'tells a TaskFailed' {
        $env:OMNI_SANDBOX = '1'
        Test-Error TaskFailed InvalidResult { New-OmniVideo 'a fox [fail]' | Wait-OmniVideoTask }
    }

    It 'tells a NoVideo' {
        $env:OMNI_SANDBOX = '1'
        Test-Error NoVideo ObjectNotFound { New-OmniVideo 'a fox [no-video]' | Wait-OmniVideoTask }
    }

    It 'tells a ResultExpired' {
        $env:OMNI_SANDBOX = '1'
        Test-Error ResultExpired ObjectNotFound { New-OmniVideo 'a fox [expired]' | Wait-OmniVideoTask |
            Save-OmniVideo -Path $out }
        $Error[0].Exception.Charged | Should -Be Yes
        "$($Error[0])" | Should -Match 'This call cost nothing; the clip itself was billed'
    }

    It 'tells a TimedOut' {
        Test-Error TimedOut OperationTimeout { New-OmniVideo 'a fox' | Wait-OmniVideoTask -Timeout 0 }
        $Error[0].Exception.Charged | Should -Be Unknown
        "$($Error[0])" | Should -Match (
            'the task is still running.*This call cost nothing; the clip itself may have been billed')
    }

    It 'tells a LimitReached' {
        $env:OMNI_MAX_VIDEOS_PER_DAY = '0'
        try { Test-Error LimitReached QuotaExceeded { New-OmniVideo 'a fox' } }
        finally { $env:OMNI_MAX_VIDEOS_PER_DAY = $null }
    }

    It 'tells an OutputRefused' {
        $task = New-OmniVideo 'a fox' | Get-OmniVideoTask
        Send-Loopback $server 'html file' | Out-Null
        Test-Error OutputRefused SecurityError { $task | Save-OmniVideo -Path $out }
    }

    It 'ends with a LedgerUnavailable' {
        $env:OMNI_HOME = Join-Path (New-Item (Join-Path $TestDrive 'a-file') -ItemType File -Force) 'home'
        Test-Error LedgerUnavailable ResourceUnavailable { New-OmniVideo 'a fox' } -Terminating
    }

    It 'has a category and an advice for every kind there is' {
        $factory = [OmniTools.Errors.OmniException].Assembly.GetType('OmniTools.Errors.OmniErrorKind')
        $assembly = (Get-Command New-OmniVideo).ImplementingType.Assembly
        $make = $assembly.GetType('OmniTools.PowerShell.Pipeline.ErrorRecords').GetMethods() |
            Where-Object { $_.Name -eq 'Create' -and $_.GetParameters().Count -eq 3 }
        foreach ($kind in [Enum]::GetValues($factory)) {
            $record = $make.Invoke($null, @([OmniTools.Errors.OmniException]::new($kind, 'As the test asked'),
                'the item', 'Row 7'))
            $record.FullyQualifiedErrorId | Should -Be "Omni$kind"
            $record.CategoryInfo.Category | Should -Not -Be 'NotSpecified'
            $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
            "$record" | Should -Match '^Row 7: As the test asked\.'
            $record.TargetObject | Should -Be 'the item'
        }
    }

    It 'collects the errors of the items in the ErrorVariable of the cmdlet they belong to' {
        $env:OMNI_SANDBOX = '1'
        $tasks = 'good [fail]', 'bad [moderated]', 'fine' |
            New-OmniVideo -Provider toapis -ErrorVariable atSubmit -ErrorAction SilentlyContinue |
                Wait-OmniVideoTask -ErrorVariable atWait -ErrorAction SilentlyContinue
        $tasks | Should -HaveCount 2
        $atSubmit | Should -HaveCount 1
        $atSubmit[0].FullyQualifiedErrorId | Should -BeLike 'OmniContentRejected,*'
        $atWait | Should -HaveCount 1
        $atWait[0].FullyQualifiedErrorId | Should -BeLike 'OmniTaskFailed,*'
    }

    It 'tells the failure of a task once in a pipeline that waits and saves' {
        $env:OMNI_SANDBOX = '1'
        $Error.Clear()
        $files = 'good', 'bad [fail]' | New-OmniVideo |
            Wait-OmniVideoTask -ErrorVariable atWait -ErrorAction SilentlyContinue |
            Where-Object Id | Save-OmniVideo -Path $out -ErrorVariable atSave -ErrorAction SilentlyContinue
        $files | Should -HaveCount 1
        $atWait | Should -HaveCount 1
        $atSave | Should -BeNullOrEmpty
        $Error | Should -HaveCount 1
    }

    It 'skips a failed task at the save with a verbose line, and reports it when it is named by its id' {
        $env:OMNI_SANDBOX = '1'
        $failed = New-OmniVideo 'bad [fail]' -RequestKey bad-1 | Wait-OmniVideoTask -ErrorAction Ignore
        $said = $failed | Save-OmniVideo -Path $out -Verbose -ErrorVariable later 4>&1
        "$said" | Should -Match "bad-1 \('bad \[fail\]'\) ended as failed"
        $later | Should -BeNullOrEmpty
        Save-OmniVideo bad-1 -Path $out -ErrorVariable named -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $named[0].FullyQualifiedErrorId | Should -BeLike 'OmniTaskFailed,*SaveOmniVideoCommand'
        "$named" | Should -Match "^bad-1 \('bad \[fail\]'\): "
    }

    It 'shows the next step of an error once' {
        $record = New-OmniVideo 'a fox' -AspectRatio 4:5 2>&1
        ([regex]::Matches((($record |
            Out-String -Width 500) -replace '\x1b\[[0-9;]*m'), 'Correct -AspectRatio')).Count | Should -Be 1
    }

    It 'ends at the first error under Stop, and catches it by its exception' {
        $env:OMNI_SANDBOX = '1'
        $kind = $null
        try { 'a fox [moderated]', 'a cat' | New-OmniVideo -ThrottleLimit 1 -ErrorAction Stop | Out-Null }
        catch [OmniTools.Errors.OmniException] { $kind = $_.Exception.Kind }
        $kind | Should -Be 'ContentRejected'
    }
}
